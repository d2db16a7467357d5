use crate::run::{is_root, stage_of};
use crate::images;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        let Some(wrapper) = command.wrappers().items().find(|word| word.value().known().is_some_and(is_sudo)) else {
            if command.is("sudo") {
                report.at(command).message("`sudo` runs in the build");
            }
            continue;
        };
        let what = command.name().known().map_or("a command".to_owned(), |name| format!("`{name}`"));
        let draft = report.at(command).message(format!("{what} runs through sudo in the build"));
        if let Some(text) = without(command, wrapper.span().start).filter(|_| runs_as_root(run)) {
            draft.fix(Fix::unsafe_("run it without sudo").replace_source(command, text));
        }
    }
}

fn is_sudo(word: &str) -> bool {
    word.rsplit('/').next() == Some("sudo")
}

fn runs_as_root(run: Instruction) -> bool {
    let user = run.facts().user();
    let unset = user.is_absent() && stage_of(run).and_then(images::base).is_some_and(|base| !images::is_non_root(base, &[]));
    unset || user.value().holds(is_root).is_true()
}

/// The command's text without sudo, if nothing but plain options of it stand between.
fn without(command: Command, sudo: u32) -> Option<String> {
    let (own, first) = (command.span(), command.words().items().next()?.span());
    let mut between = command.wrappers().items().filter(|word| word.span().start > sudo);
    let plain = between.all(|word| word.value().is_any(&["-E", "-H", "-n", "-S", "--"]).is_true());
    let text = command.node().source_text();
    let (from, to) = (sudo.checked_sub(own.start)? as usize, first.start.checked_sub(own.start)? as usize);
    (plain && from < to).then(|| Some(format!("{}{}", text.get(..from)?, text.get(to..)?))).flatten()
}
