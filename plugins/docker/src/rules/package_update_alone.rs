use crate::images;
use crate::packages::{APK, APT, Action, Manager, PACMAN, RPM, ZYPPER, pacman};
use crate::run::{self, stage_of};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// How a package manager refreshes its index.
struct Refresh {
    manager: &'static Manager,
    verbs: &'static [&'static str],
    /// Whether the same word also upgrades what is installed, which is work of its own.
    upgrades: bool,
}

static REFRESHES: [Refresh; 5] = [
    Refresh { manager: &APT, verbs: &["update"], upgrades: false },
    Refresh { manager: &APK, verbs: &["update"], upgrades: false },
    Refresh { manager: &ZYPPER, verbs: &["refresh", "ref"], upgrades: false },
    Refresh { manager: &RPM, verbs: &["makecache", "check-update"], upgrades: false },
    Refresh { manager: &RPM, verbs: &["update"], upgrades: true },
];
/// Programs that may well install packages themselves.
const INSTALLERS: [&str; 9] = ["bash", "sh", "python", "python3", "npx", "xargs", "playwright", "gdebi", "rosdep"];

pub fn check(run: Instruction, report: &mut Report) {
    if !run::mounts_over(run, &["/var/lib/apt/lists", "/var/lib/apt", "/var/cache/apk", "/var/cache/dnf", "/var/cache/yum"]).is_false() {
        return;
    }
    for refresh in &REFRESHES {
        // A list of packages behind it makes it an upgrade of these.
        let alone = |action: &Action| !refresh.upgrades || action.operands.is_empty();
        for action in refresh.manager.actions(run, refresh.verbs).filter(alone) {
            let name = action.command.name().known().unwrap_or_default();
            let installs = |command: Command| may_install(command, refresh.manager);
            judge(run, action.at, action.command, &format!("{name} {}", action.verb), refresh.upgrades, &installs, report);
        }
    }
    for (at, command) in run.commands().iter().enumerate() {
        let Some(('S', letters)) = pacman(command).filter(|(_, letters)| letters.contains('y')) else { continue };
        let names_packages = command.arguments().next().is_some();
        let installs = |command: Command| may_install(command, &PACMAN) || pacman(command).is_some_and(|(operation, _)| matches!(operation, 'S' | 'U'));
        if !names_packages {
            judge(run, at, command, &format!("pacman -S{letters}"), letters.contains('u'), &installs, report);
        }
    }
}

fn judge(run: Instruction, at: usize, command: Command, what: &str, upgrades: bool, installs: &dyn Fn(Command) -> bool, report: &mut Report) {
    let foreign = |program| stage_of(run).and_then(images::base).is_some_and(|base| images::is_foreign(base, program));
    if !run::later(run, at, installs).is_false() || command.name().known().is_some_and(foreign) {
        return;
    }
    let next = installs_later(run, installs);
    if upgrades && next.is_none() {
        return;
    }
    let Some((_, install)) = next else {
        report.at(command).message(format!("`{what}` refreshes the package index in a RUN that installs nothing, so the cached layer serves an old index"));
        return;
    };
    let tool = install.name().known().unwrap_or("this");
    // About the refresh, shown where it does harm.
    let draft = report
        .at(command)
        .span(install.span())
        .message(format!("`{tool}` installs from the index of an earlier RUN, `{what}`, which the build cache keeps however old it is"))
        .related(command, "the index is refreshed here");
    if run.commands().count() == Some(1) && run.flags().is_absent() {
        let fix = Fix::unsafe_("refresh the index in the RUN that installs");
        draft.fix(fix.insert_before(install, command.node().source_text()).remove(run, ""));
    }
}

/// The first installation in a later RUN of the stage, up to the next refresh there.
fn installs_later<'a>(run: Instruction<'a>, installs: &dyn Fn(Command) -> bool) -> Option<(Instruction<'a>, Command<'a>)> {
    let after = |other: &Instruction| other.span().start > run.span().start;
    let mut later = stage_of(run)?.each("RUN").filter(after);
    later.find_map(|run| Some((run, run.commands().iter().find(|command| installs(*command))?)))
}

fn may_install(command: Command, manager: &Manager) -> bool {
    if let Some(action) = manager.action(command) {
        return manager.installs.contains(&action.verb) && !(action.verb == "update" && action.operands.is_empty())
            || matches!(action.verb, "source" | "download" | "satisfy" | "group" | "module" | "swap" | "provide" | "fetch");
    }
    let Some(name) = command.name().known() else { return true };
    name.contains("install") || name.ends_with(".sh") || name.ends_with(".py") || INSTALLERS.contains(&name) || command.arguments().any(|word| word.contains("install-deps"))
}
