use crate::packages::APT;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Truth};

pub fn check(run: Instruction, report: &mut Report) {
    for install in APT.actions(run, &["install", "reinstall", "upgrade", "dist-upgrade", "full-upgrade"]) {
        if install.command.is("aptitude") && install.verb != "install" {
            continue;
        }
        if agrees(install.command).is_false() && is_asked(run, install.at) {
            let name = install.command.name().known().unwrap_or("apt-get");
            report
                .at(install.command)
                .message(format!("`{name} {}` without `-y` asks, and nobody answers in a build", install.verb))
                .fix(Fix::safe("add `-y`").insert_after(install.word, "-y"));
        }
    }
}

/// Whether an option answers the question: a yes, a dry run, or as much quiet as implies one.
fn agrees(command: Command) -> Truth {
    let direct = command.has_any_flag(&["-y", "--yes", "--assume-yes", "-qq", "--force-yes", "--trivial-only", "-s", "--simulate", "--dry-run", "--download-only", "--print-uris"]);
    let written = command.words().any(|word| {
        let cluster = word.strip_prefix('-').is_some_and(|letters| !letters.starts_with('-') && letters.matches('q').count() > 1 && !letters.contains('='));
        cluster || word.strip_prefix("-q=").or(word.strip_prefix("--quiet=")).is_some_and(|level| level != "0" && level != "1") || word.to_ascii_lowercase().contains("assume-yes")
    });
    let quiet = command.words().iter().filter(|word| matches!(*word, "-q" | "--quiet")).count();
    direct | written | (quiet > 1)
}

/// Whether nothing answers for it: `yes | apt-get install`.
fn is_asked(run: Instruction, at: usize) -> bool {
    let piped = run.commands().iter().nth(at).is_some_and(|command| command.operator().is_any(&["|", "|&"]).is_true());
    !piped
}
