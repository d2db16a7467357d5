use crate::run::{leaves_layer, stage_of};
use plimsoll_sdk::docker::{Fix, Instruction, Json, Report};

/// Words that only a shell knows.
const BUILTINS: [&str; 11] = ["cd", "source", ".", "export", "set", "exec", "eval", "ulimit", "umask", "trap", ":"];

pub fn check(command: Instruction, report: &mut Report) {
    let chosen = stage_of(command).is_none_or(|stage| !stage.facts().shell().is_absent());
    if !command.form().is("shell").is_true() || chosen || !leaves_layer(command) {
        return;
    }
    let keyword = command.keyword().known().unwrap_or_default();
    let draft = report.at(command).message(format!("{keyword} in shell form runs below `/bin/sh -c`, which passes no signals on"));
    if let Some(words) = plain_words(command).filter(|_| keyword != "CMD" || stage_of(command).is_some_and(|stage| stage.facts().entrypoint().is_absent())) {
        let list: Vec<String> = words.iter().map(|word| Json::from(*word).to_string()).collect();
        draft.fix(Fix::safe("write it as a list").set(command, "", format!("{keyword} [{}]", list.join(", "))));
    } else if let Some(text) = program(command) {
        let script = Json::from(text).to_string();
        draft.fix(Fix::unsafe_("have the shell replace itself by the program").set(command, "", format!("{keyword} [\"/bin/sh\", \"-c\", {script}]")));
    }
}

/// The words of a command that needs no shell.
fn plain_words<'a>(command: Instruction<'a>) -> Option<Vec<&'a str>> {
    let text = command.text().known()?;
    let needs_shell = text.contains(['$', '&', '|', ';', '<', '>', '(', ')', '`', '*', '?', '[', ']', '{', '}', '~', '#', '!', '=', '\'', '"', '\\', '\n']);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    (!needs_shell && !words.is_empty() && !BUILTINS.contains(&words[0])).then_some(words)
}

/// The line with `exec` before its one program, so that the shell does not stay in between.
fn program(command: Instruction) -> Option<String> {
    let text = command.text().known()?.trim();
    let commands = command.commands();
    let one = commands.count() == Some(1) && commands.first().name().known().is_some_and(|name| !BUILTINS.contains(&name));
    let plain = commands.first().assignments().is_absent() && commands.first().wrappers().is_absent() && commands.first().redirects().is_absent();
    (one && plain && !text.starts_with(['[', '(', '{', '!']) && !text.contains(['\n', '#'])).then(|| format!("exec {text}"))
}
