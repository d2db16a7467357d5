use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        if !command.is("useradd") || !command.has_any_flag(&["-l", "--no-log-init"]).is_false() {
            continue;
        }
        let uid = command.flag_value("-u").known().or(command.flag_value("--uid").known());
        let Some(uid) = uid.filter(|uid| uid.len() > 5 && uid.bytes().all(|digit| digit.is_ascii_digit())) else { continue };
        let draft = report.at(command).message(format!("`useradd` with the user number {uid} writes a log file of gigabytes into the layer"));
        if let Some(word) = command.words().items().next() {
            draft.fix(Fix::safe("add `--no-log-init`").insert_after(word, "--no-log-init"));
        }
    }
}
