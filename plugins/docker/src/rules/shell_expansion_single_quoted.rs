use crate::run::stage_of;
use crate::shell;
use crate::variables::uses;
use plimsoll_sdk::docker::{Instruction, Report};

/// Commands that take programs or patterns, whose `$` is their own.
const PROGRAMS: [&str; 20] = [
    "awk", "gawk", "mawk", "sed", "perl", "sh", "bash", "ash", "zsh", "su", "ssh", "find", "xargs", "envsubst", "jq", "trap", "eval", "alias", "grep", "python3",
];

pub fn check(run: Instruction, report: &mut Report) {
    let Some(stage) = stage_of(run) else { return };
    let before = |instruction: &Instruction| instruction.span().start < run.span().start && (instruction.is("ARG") || instruction.is("ENV"));
    for command in shell::commands(run) {
        if command.name().is_any(&PROGRAMS).is_true() || !command.redirects().is_absent() || !command.piped().is(false).is_true() || !command.wrappers().is_absent() {
            continue;
        }
        for word in command.words().items().skip(1) {
            let raw = shell::raw(word);
            let Some(inner) = raw.split('\'').nth(1).filter(|_| raw.starts_with('\'')) else { continue };
            let declared = |name: &str| stage.instructions().iter().filter(before).any(|set| set.pairs().iter().any(|pair| pair.key().is(name).is_true()));
            if let Some(found) = uses(inner).find(|found| declared(found.name)) {
                report.at(word).message(format!("`${}` stands in single quotes, where it is just text", found.name));
                break;
            }
        }
    }
}
