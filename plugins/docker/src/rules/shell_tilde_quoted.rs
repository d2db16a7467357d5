use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const FILES: [&str; 15] = ["cd", "mkdir", "cp", "mv", "rm", "cat", "source", ".", "touch", "ls", "chmod", "chown", "ln", "tar", "["];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&FILES).is_true()) {
        for word in command.words().items().skip(1) {
            let raw = shell::raw(word);
            if raw.starts_with("\"~/") || raw.starts_with("'~/") {
                let draft = report.at(word).message(format!("`~` in `{raw}` is no home directory, but a name"));
                if raw.ends_with(['"', '\'']) && !raw[1..raw.len() - 1].contains(['"', '\'', '$', '\\']) {
                    draft.fix(Fix::safe("write `$HOME`").set(word, "", format!("\"$HOME{}\"", &raw[2..raw.len() - 1])));
                }
            }
        }
    }
}
