use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        if let Some(what) = what(command) {
            report.at(command).message(format!("{what} in the build, for every container of the image"));
        }
    }
}

fn what(command: Command) -> Option<String> {
    let name = command.name().known()?;
    match name {
        "chpasswd" => Some("`chpasswd` sets a password".to_owned()),
        "passwd" if command.has_any_flag(&["-d", "--delete"]).is_true() => Some("`passwd -d` takes away the password".to_owned()),
        "passwd" if command.has_word("--stdin").is_true() => Some("`passwd` sets a password".to_owned()),
        "useradd" | "usermod" => {
            let value = command.flag_value("-p");
            let value = if value.is_absent() { command.flag_value("--password") } else { value };
            // A row of these locks the account.
            value.known().filter(|value| !value.starts_with(['!', '*'])).map(|_| format!("`{name} -p` sets a password"))
        }
        _ => None,
    }
}
