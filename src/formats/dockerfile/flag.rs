//! The `--name=value` words between a keyword and its arguments.

use crate::keyword::Keyword;
use crate::text::Cut;

/// A flag as written.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    /// The whole word.
    pub(crate) at: Cut,
    /// `--name`, without quotes and escapes.
    pub(crate) name: String,
    /// The value without quotes and escapes; `None` if there is no `=`.
    pub(crate) value: Option<String>,
    /// Where the value is written; for a flag without one, the whole word.
    pub(crate) value_at: Cut,
}

/// What may follow a flag's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing, `true` or `false`.
    Bool,
    /// A value, once.
    Value,
    /// A value, any number of times.
    Values,
}

/// The flags of an instruction and what they take.
pub(crate) const fn known(keyword: Keyword) -> &'static [(&'static str, Takes)] {
    use Takes::{Bool, Value, Values};
    match keyword {
        Keyword::From => &[("platform", Value)],
        Keyword::Run => &[("mount", Values), ("network", Value), ("security", Value), ("device", Values)],
        Keyword::Copy => &[("from", Value), ("chown", Value), ("chmod", Value), ("link", Bool), ("parents", Bool), ("exclude", Values)],
        Keyword::Add => &[
            ("chown", Value),
            ("chmod", Value),
            ("link", Bool),
            ("keep-git-dir", Bool),
            ("checksum", Value),
            ("unpack", Bool),
            ("exclude", Values),
        ],
        Keyword::Healthcheck => {
            &[("interval", Value), ("timeout", Value), ("start-period", Value), ("start-interval", Value), ("retries", Value)]
        }
        _ => &[],
    }
}

/// Splits the flags off `cut`; what is left are the arguments.
pub(crate) fn split(text: &str, cut: Cut, escape: u8) -> (Vec<Flag>, Cut) {
    let mut flags = vec![];
    let end = cut.end as usize;
    let mut at = cut.start as usize;
    loop {
        let rest = &text[at..end];
        let word = rest.trim_start();
        at = end - word.len();
        if !word.starts_with("--") {
            return (flags, Cut::new(at, end));
        }
        let flag = read(text, at, end, escape);
        at = flag.at.end as usize;
        if flag.name == "--" && flag.value.is_none() {
            return (flags, Cut::new(at, end));
        }
        flags.push(flag);
    }
}

/// Reads the word at `start`.
fn read(text: &str, start: usize, end: usize, escape: u8) -> Flag {
    let mut plain = String::new();
    let mut equals = None;
    let mut quote = None;
    let mut chars = text[start..end].char_indices();
    let mut stop = end;
    while let Some((at, mut c)) = chars.next() {
        match quote {
            None if c.is_whitespace() => {
                stop = start + at;
                break;
            }
            None if matches!(c, '\'' | '"') => {
                quote = Some(c);
                continue;
            }
            Some(open) if c == open => {
                quote = None;
                continue;
            }
            _ => {}
        }
        if c == escape as char {
            let Some((_, escaped)) = chars.next() else { continue };
            c = escaped;
        }
        if c == '=' && equals.is_none() {
            equals = Some((plain.len(), start + at + 1));
        }
        plain.push(c);
    }
    let at = Cut::new(start, stop);
    match equals {
        Some((len, value_at)) => Flag {
            at,
            value: Some(plain[len + 1..].to_owned()),
            name: plain[..len].to_owned(),
            value_at: Cut::new(value_at.min(stop), stop),
        },
        None => Flag { at, name: plain, value: None, value_at: at },
    }
}

/// Why BuildKit refuses one of these flags, with the place.
pub(crate) fn refused(keyword: Keyword, flags: &[Flag]) -> Option<(Cut, String)> {
    let known = known(keyword);
    for (number, flag) in flags.iter().enumerate() {
        let at = flag.at;
        let name = &flag.name;
        let Some((_, takes)) = known.iter().find(|(known, _)| name.strip_prefix("--") == Some(known)) else {
            return Some((at, format!("unknown flag {name} of {}", keyword.name())));
        };
        if *takes != Takes::Values && flags[..number].iter().any(|before| before.name == *name) {
            return Some((at, format!("flag {name} is given twice")));
        }
        let missing = match takes {
            Takes::Bool => flag.value.as_deref() == Some(""),
            _ => flag.value.is_none(),
        };
        if missing {
            return Some((at, format!("flag {name} has no value")));
        }
        if *takes == Takes::Bool
            && let Some(value) = &flag.value
            && !value.eq_ignore_ascii_case("true")
            && !value.eq_ignore_ascii_case("false")
        {
            return Some((at, format!("flag {name} takes true or false, not {value}")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dashes_end_the_flags() {
        let text = r#"--a=1 --b "--c= d" -- --e"#;
        let (flags, rest) = split(text, Cut::new(0, text.len()), b'\\');
        assert_eq!(flags.iter().map(|f| (f.name.as_str(), f.value.as_deref())).collect::<Vec<_>>(), [("--a", Some("1")), ("--b", None)]);
        assert_eq!(rest.of(text), r#""--c= d" -- --e"#);
        let text = r#"--mount=type="bind",x=\ y -- --e"#;
        let (flags, rest) = split(text, Cut::new(0, text.len()), b'\\');
        assert_eq!(flags[0].value.as_deref(), Some("type=bind,x= y"));
        assert_eq!(flags[0].value_at.of(text), r#"type="bind",x=\ y"#);
        assert_eq!(rest.of(text).trim(), "--e");
    }
}
