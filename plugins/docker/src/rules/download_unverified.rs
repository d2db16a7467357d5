use plimsoll_sdk::docker::{Command, Instruction, Report};

const ENDS: [&str; 14] = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar.zst", ".zip", ".deb", ".rpm", ".apk", ".jar", ".whl", ".gz", ".run"];

pub fn check(run: Instruction, report: &mut Report) {
    let commands: Vec<Command> = run.commands().iter().collect();
    if commands.iter().any(|command| verifies(*command)) {
        return;
    }
    for (at, command) in commands.iter().enumerate().filter(|(_, command)| command.is("curl") || command.is("wget")) {
        let Some(address) = command.arguments().find(|word| word.contains("://")) else { continue };
        let path = address.split(['?', '#']).next().unwrap_or(address);
        let output = command.flag_value("-o").known().or(command.flag_value("-O").known()).or(command.flag_value("--output").known());
        let made_executable = output.is_some_and(|output| commands[at..].iter().any(|later| later.is("chmod") && later.has_word(output).is_true()));
        if ENDS.iter().any(|end| path.ends_with(end)) || made_executable {
            let name = path.rsplit('/').next().unwrap_or(path);
            report.at(*command).message(format!("`{name}` is downloaded and used without a check of what came"));
        }
    }
}

fn verifies(command: Command) -> bool {
    let Some(name) = command.name().known() else { return true };
    let sums = name.ends_with("sum") && (name.starts_with("sha") || name.starts_with("b2") || name.starts_with("md5"));
    sums && command.words().iter().any(|word| word.starts_with("-c") || word.starts_with("--c") || word.ends_with('c') && word.starts_with('-'))
        || name.starts_with("gpg") && command.words().iter().any(|word| word.starts_with("--verify"))
        || matches!(name, "cosign" | "minisign" | "signify" | "openssl" | "sigstore" | "gpgv" | "slsa-verifier" | "shasum")
}
