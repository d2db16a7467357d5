use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

const SYSTEM: [&str; 14] =
    ["", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/var"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("rm") && command.has_any_flag(&["-r", "-R", "--recursive"]).is_true()) {
        let removes = |word: &str| word.starts_with('/') && SYSTEM.contains(&word.trim_end_matches('*').trim_end_matches('/'));
        if let Some(path) = command.arguments().find(|word| removes(word)) {
            report.at(command).message(format!("`rm` takes away `{path}`, which the system lives in"));
        }
    }
}
