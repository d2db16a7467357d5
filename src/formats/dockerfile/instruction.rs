//! One statement's keyword, flags and arguments, in the shape its keyword asks for, and what BuildKit refuses.

use crate::argument::{blank_separated, equals, quoted, split_first};
use crate::exec_form::{self, Element, Form};
use crate::flag::{self, Flag};
use crate::keyword::Keyword;
use crate::text::Cut;
use crate::{duration, heredoc, mount};

/// An instruction; every place is in the statement's logical text.
#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    pub(crate) keyword: Keyword,
    pub(crate) keyword_at: Cut,
    pub(crate) flags: Vec<Flag>,
    /// What follows keyword and flags, trimmed.
    pub(crate) arguments: Cut,
    pub(crate) body: Body,
}

/// The arguments by shape.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// RUN, CMD, ENTRYPOINT, SHELL, ADD, COPY, VOLUME in exec form.
    Exec(Vec<Element>),
    /// RUN, CMD, ENTRYPOINT, SHELL otherwise.
    Shell,
    /// FROM, EXPOSE; ADD, COPY, VOLUME otherwise.
    List(Vec<Cut>),
    /// ENV, LABEL, ARG.
    Pairs(Vec<PairAt>),
    /// USER, WORKDIR, STOPSIGNAL, MAINTAINER.
    One,
    /// HEALTHCHECK: the type, the command and its elements if it is in exec form.
    Health { kind: Cut, command: Cut, exec: Option<Vec<Element>> },
    /// ONBUILD: the instruction it wraps, `None` if that has no known keyword.
    Trigger(Option<Box<Instruction>>),
    /// No arguments.
    Nothing,
}

/// A name and a value as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairAt {
    pub(crate) key: Cut,
    pub(crate) value: Option<Cut>,
}

/// Why an instruction is refused.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) at: Cut,
    pub(crate) message: String,
    /// What it would have been.
    pub(crate) keyword: Option<Keyword>,
}

impl Instruction {
    /// Whether its line may carry heredocs.
    pub(crate) fn takes_heredocs(&self) -> bool {
        match (&self.body, self.keyword) {
            (Body::Trigger(Some(inner)), _) => !matches!(inner.keyword, Keyword::Onbuild) && inner.takes_heredocs(),
            (Body::Exec(_), _) => false,
            (_, Keyword::Run | Keyword::Add | Keyword::Copy) => true,
            _ => false,
        }
    }
}

/// Reads what BuildKit's line parser reads. `Ok(None)` for an unknown keyword.
pub(crate) fn read(text: &str, cut: Cut, escape: u8, depth: u32) -> Result<Option<Instruction>, Refused> {
    let cut = cut.trim(text);
    let (keyword_at, rest) = split_first(text, cut);
    let (flags, arguments) = rest.map_or((vec![], Cut::new(cut.end as usize, cut.end as usize)), |rest| flag::split(text, rest, escape));
    let arguments = arguments.trim(text);
    let Some(keyword) = Keyword::of(keyword_at.of(text)) else { return Ok(None) };
    let refuse = |at: Cut, message: String| Refused { at, message, keyword: Some(keyword) };
    let exec = |at: Cut| match exec_form::read(text, at) {
        Form::Exec(elements) => Ok(Some(elements)),
        Form::Other => Ok(None),
        Form::NotStrings(at) => Err(refuse(at, format!("the exec form of {} takes strings only", keyword.name()))),
    };
    let body = match keyword {
        _ if arguments.is_empty() => Body::Nothing,
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => exec(arguments)?.map_or(Body::Shell, Body::Exec),
        Keyword::Add | Keyword::Copy | Keyword::Volume => match exec(arguments)? {
            Some(elements) => Body::Exec(elements),
            None => Body::List(blank_separated(text, arguments)),
        },
        Keyword::From | Keyword::Expose => Body::List(blank_separated(text, arguments)),
        Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Maintainer => Body::One,
        Keyword::Env | Keyword::Label => Body::Pairs(named_values(text, arguments, escape).map_err(|(at, why)| refuse(at, why(keyword)))?),
        Keyword::Arg => {
            let split = |word: Cut| match equals(text, word) {
                Some(at) => PairAt { key: Cut::new(word.start as usize, at), value: Some(Cut::new(at + 1, word.end as usize)) },
                None => PairAt { key: word, value: None },
            };
            Body::Pairs(quoted(text, arguments, escape).into_iter().map(split).collect())
        }
        Keyword::Healthcheck => {
            let len = arguments.of(text).find(char::is_whitespace).unwrap_or(arguments.of(text).len());
            let kind = Cut::new(arguments.start as usize, arguments.start as usize + len);
            let command = Cut { start: kind.end, end: arguments.end }.trim(text);
            Body::Health { kind, command, exec: exec(command)? }
        }
        // BuildKit reads any depth of ONBUILD ONBUILD and refuses it afterwards.
        Keyword::Onbuild if depth > 1 => Body::Trigger(None),
        Keyword::Onbuild => Body::Trigger(read(text, arguments, escape, depth + 1)?.map(Box::new)),
    };
    Ok(Some(Instruction { keyword, keyword_at, flags, arguments, body }))
}

type Why = fn(Keyword) -> String;

/// The arguments of ENV and LABEL.
fn named_values(text: &str, arguments: Cut, escape: u8) -> Result<Vec<PairAt>, (Cut, Why)> {
    let words = quoted(text, arguments, escape);
    let Some(first) = words.first() else { return Ok(vec![]) };
    if equals(text, *first).is_none() {
        let (key, Some(value)) = split_first(text, arguments) else {
            return Err((arguments, |keyword| format!("{} takes a name and a value", keyword.name())));
        };
        return Ok(vec![PairAt { key, value: Some(value) }]);
    }
    let split = |word: &Cut| {
        let Some(at) = equals(text, *word) else {
            return Err((*word, (|keyword: Keyword| format!("no = in a word of {}, which takes name=value", keyword.name())) as Why));
        };
        Ok(PairAt { key: Cut::new(word.start as usize, at), value: Some(Cut::new(at + 1, word.end as usize)) })
    };
    words.iter().map(split).collect()
}

/// What BuildKit's instruction parser refuses of what the line parser took.
pub(crate) fn check(text: &str, instruction: &Instruction) -> Option<Refused> {
    let keyword = instruction.keyword;
    let refuse = |at: Cut, message: String| Some(Refused { at, message, keyword: Some(keyword) });
    let whole = Cut { start: instruction.keyword_at.start, end: instruction.arguments.end.max(instruction.keyword_at.end) };
    let name = keyword.name();
    let count = match &instruction.body {
        Body::Nothing => 0,
        Body::Exec(elements) => elements.len(),
        Body::List(words) => words.len(),
        Body::Pairs(pairs) => pairs.len(),
        Body::Shell | Body::One | Body::Trigger(_) | Body::Health { .. } => 1,
    };
    let least = match keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::From => 0,
        Keyword::Add | Keyword::Copy => 2,
        _ => 1,
    };
    if count < least {
        let wanted = if least == 2 { "a source and a destination" } else { "an argument" };
        return refuse(whole, format!("{name} needs {wanted}"));
    }
    if keyword == Keyword::From {
        let Body::List(words) = &instruction.body else { return refuse(whole, "FROM needs an image".to_owned()) };
        match words.as_slice() {
            [_] => {}
            [_, word, alias] if word.of(text).eq_ignore_ascii_case("as") => {
                if !stage_name(alias.of(text)) {
                    return refuse(*alias, format!("{} is no name for a stage", alias.of(text)));
                }
            }
            _ => return refuse(whole, "FROM takes an image, or an image AS a name".to_owned()),
        }
    }
    let none = matches!(&instruction.body, Body::Health { kind, .. } if kind.of(text).eq_ignore_ascii_case("none"));
    // BuildKit does not look at the flags of these.
    let unread = none || matches!(keyword, Keyword::Stopsignal | Keyword::Arg);
    if !unread && let Some((at, message)) = flag::refused(keyword, &instruction.flags) {
        return refuse(at, message);
    }
    match (&instruction.body, keyword) {
        (Body::Pairs(pairs), _) => pairs
            .iter()
            .find(|pair| pair.key.is_empty())
            .and_then(|pair| refuse(pair.value.unwrap_or(whole), format!("a name of {name} is empty"))),
        (Body::Shell, Keyword::Shell) => refuse(instruction.arguments, "SHELL takes the exec form only".to_owned()),
        (Body::Exec(elements), Keyword::Volume) => elements
            .iter()
            .find(|element| element.value.trim().is_empty())
            .and_then(|element| refuse(element.at, "VOLUME takes no empty path".to_owned())),
        (body, Keyword::Add | Keyword::Copy) => {
            let last = match body {
                Body::Exec(elements) => elements.last().map(|element| (element.at, element.value.as_str())),
                Body::List(words) => words.last().map(|word| (*word, word.of(text))),
                _ => None,
            };
            last.filter(|(_, word)| matches!(heredoc::marker(word), Ok(Some(_))))
                .and_then(|(at, _)| refuse(at, format!("the destination of {name} cannot be a heredoc")))
        }
        (_, Keyword::Run) => run_flags(instruction).and_then(|(at, why)| refuse(at, why)),
        (Body::Health { kind, command, exec }, _) => {
            health(text, instruction, *kind, *command, exec.as_deref()).and_then(|(at, why)| refuse(at, why))
        }
        (Body::Trigger(inner), _) => {
            let word = split_first(text, instruction.arguments).0;
            match inner.as_ref().map(|inner| inner.keyword).or_else(|| Keyword::of(word.of(text))) {
                Some(inner @ (Keyword::Onbuild | Keyword::From | Keyword::Maintainer)) => {
                    refuse(word, format!("ONBUILD cannot wrap {}", inner.name()))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn run_flags(instruction: &Instruction) -> Option<(Cut, String)> {
    instruction.flags.iter().find_map(|flag| {
        let value = flag.value.as_deref().unwrap_or_default();
        let why = match flag.name.as_str() {
            "--mount" => mount::refused(value),
            "--device" => mount::device_refused(value),
            "--network" if !matches!(value, "default" | "none" | "host") => {
                Some(format!("--network takes default, none or host, not {value}"))
            }
            "--security" if !matches!(value, "insecure" | "sandbox") => Some(format!("--security takes sandbox or insecure, not {value}")),
            _ => None,
        };
        why.map(|why| (flag.value_at, why))
    })
}

fn health(text: &str, instruction: &Instruction, kind: Cut, command: Cut, exec: Option<&[Element]>) -> Option<(Cut, String)> {
    let name = kind.of(text);
    if name.eq_ignore_ascii_case("none") {
        let empty = exec.map_or(command.is_empty(), <[Element]>::is_empty);
        return (!empty).then(|| (command, "HEALTHCHECK NONE takes no arguments".to_owned()));
    }
    if !name.eq_ignore_ascii_case("cmd") {
        return Some((kind, format!("HEALTHCHECK takes CMD or NONE, not {name}")));
    }
    if exec.map_or(command.is_empty(), <[Element]>::is_empty) {
        return Some((kind, "HEALTHCHECK CMD has no command".to_owned()));
    }
    instruction.flags.iter().find_map(|flag| {
        let value = flag.value.as_deref().unwrap_or_default();
        let refused = match flag.name.as_str() {
            _ if value.is_empty() => false,
            "--retries" => value.parse::<i32>().map_or(true, |retries| retries < 0),
            _ => duration::nanoseconds(value).is_none_or(|duration| duration != 0 && duration < 1_000_000),
        };
        refused.then(|| (flag.value_at, format!("{} of HEALTHCHECK cannot be {value}", flag.name)))
    })
}

/// Whether a stage may be called so; names are lowered first.
fn stage_name(name: &str) -> bool {
    let mut chars = name.chars().flat_map(char::to_lowercase);
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn accepted(text: &str) -> bool {
        match read(text, Cut::new(0, text.len()), b'\\', 0) {
            Ok(Some(instruction)) => check(text, &instruction).is_none(),
            _ => false,
        }
    }

    #[test]
    fn shapes_that_buildkit_takes() {
        for text in [
            "FROM --platform=linux/amd64 a:1 As b",
            "ARG a b=c d=",
            "ENV a b c",
            "ENV \"a b\" c",
            "RUN",
            "CMD []",
            "STOPSIGNAL --what=ever 9",
            "HEALTHCHECK --bogus NONE",
            "HEALTHCHECK --interval=5s --retries=3 CMD x",
            "ONBUILD COPY --bogus a b",
            "ONBUILD FOO",
            "COPY --exclude=a --exclude=b --link=TRUE x y z",
            "RUN --mount=type=cache,target=/x --network=none -- --x",
            "VOLUME a b",
        ] {
            assert!(accepted(text), "{text}");
        }
    }

    #[test]
    fn shapes_that_buildkit_refuses() {
        for text in [
            "FROM",
            "FROM a b",
            "FROM a as 1b",
            "FROM a b c",
            "ENV a",
            "ENV =b",
            "ENV a=b c",
            "ENV --x a=b",
            "COPY a",
            "COPY a <<EOF",
            "COPY --from a b",
            "COPY --link=yes a b",
            "COPY --chown=a --chown=b a b",
            "RUN [\"a\", 1]",
            "RUN --mount=from=$x,target=/y z",
            "RUN --network=lan x",
            "SHELL a b",
            "SHELL []",
            "VOLUME [\" \"]",
            "HEALTHCHECK NONE x",
            "HEALTHCHECK CMD",
            "HEALTHCHECK --interval=5 CMD x",
            "ONBUILD ONBUILD RUN x",
            "ONBUILD FROM a",
            "ONBUILD",
            "EXPOSE",
            "FOO bar",
        ] {
            assert!(!accepted(text), "{text}");
        }
    }
}
