use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        if let Some(flag) = flags(command).iter().find(|flag| command.has_flag(flag).is_true()) {
            let name = command.name().known().unwrap_or_default();
            let draft = report.at(command).message(format!("`{name} {flag}` installs packages whose origin nobody checked"));
            if let Some(word) = command.words().items().find(|word| word.value().is(*flag).is_true()) {
                draft.fix(Fix::unsafe_(format!("leave `{flag}` out")).remove(word, ""));
            }
        }
    }
}

/// The options by which a command skips signatures.
fn flags(command: Command) -> &'static [&'static str] {
    match command.name().known() {
        Some("apk") => &["--allow-untrusted"],
        Some("apt-get" | "apt") => &["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"],
        Some("yum" | "dnf" | "dnf5" | "microdnf" | "tdnf") => &["--nogpgcheck", "--no-gpgchecks", "--setopt=gpgcheck=0"],
        Some("rpm") => &["--nosignature", "--nodigest", "--noverify", "--nofiledigest", "--nogpg"],
        Some("zypper") => &["--no-gpg-checks"],
        _ => &[],
    }
}
