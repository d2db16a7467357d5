use crate::packages::APT;
use crate::run::{leaves_layer, stage_of};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage, Truth};

const FLAG: &str = "--no-install-recommends";

pub fn check(run: Instruction, report: &mut Report) {
    for install in APT.actions(run, &["install"]) {
        // Repairing what `dpkg -i` left brings what it lacks, no more.
        let repairs = install.command.has_any_flag(&["-f", "--fix-broken"]).is_true() && install.operands.is_empty();
        if !repairs && decides(install.command).is_false() && leaves_layer(run) && !is_configured(run) {
            report
                .at(install.command)
                .message(format!("`{} install` also installs every recommended package", install.command.name().known().unwrap_or("apt-get")))
                .fix(Fix::unsafe_("install without recommended packages").insert_after(install.word, FLAG));
        }
    }
}

/// Whether the command line says whether recommended packages are wanted.
fn decides(command: Command) -> Truth {
    command.words().any(|word| word == FLAG || word == "--install-recommends" || word == "-R" || says(word))
}

fn says(text: &str) -> bool {
    text.to_ascii_lowercase().contains("install-recommends")
}

/// Whether the stage, or one it starts from, says so in apt's configuration.
fn is_configured(run: Instruction) -> bool {
    let Some(stage) = stage_of(run) else { return false };
    let writes = |stage: Stage| stage.instructions().iter().any(|instruction| instruction.node() != run.node() && configures(instruction));
    configures_itself(run) || writes(stage) || stage.facts().parents().iter().any(writes)
}

fn configures(instruction: Instruction) -> bool {
    instruction.node().source_text().to_ascii_lowercase().contains("apt::install-recommends")
}

/// In the same RUN, by a command other than apt's own.
fn configures_itself(run: Instruction) -> bool {
    run.commands().iter().any(|command| !APT.is(command) && says(command.node().source_text()))
}
