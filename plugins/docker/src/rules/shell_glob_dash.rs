use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const COMMANDS: [&str; 12] = ["rm", "mv", "cp", "chmod", "chown", "ls", "touch", "cat", "tar", "zip", "gzip", "sha256sum"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&COMMANDS).is_true() && command.has_word("--").is_false()) {
        for word in command.words().items().skip(1) {
            let raw = shell::raw(word);
            if raw.starts_with(['*', '?']) {
                report
                    .at(word)
                    .message(format!("a file whose name begins with `-` is an option where `{raw}` stands"))
                    .fix(Fix::safe(format!("write `./{raw}`")).set(word, "", format!("./{raw}")));
            }
        }
    }
}
