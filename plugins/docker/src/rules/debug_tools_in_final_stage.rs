use crate::packages::{APK, APT, Manager, RPM, ZYPPER};
use crate::run;
use plimsoll_sdk::docker::{Command, Instruction, Report, Stage};

const TOOLS: [&str; 26] = [
    "curl", "wget", "vim", "vim-tiny", "nano", "emacs", "less", "telnet", "netcat", "netcat-openbsd", "netcat-traditional", "ncat", "nmap", "tcpdump", "strace",
    "ltrace", "gdb", "git", "openssh", "openssh-client", "openssh-server", "openssh-clients", "net-tools", "iputils-ping", "dnsutils", "htop",
];

pub fn check(stage: Stage, report: &mut Report) {
    if !stage.is_shipped() {
        return;
    }
    let used = |tool: &str| {
        [stage.facts().healthcheck(), stage.facts().cmd(), stage.facts().entrypoint()]
            .iter()
            .any(|instruction| instruction.text().holds(|text| text.contains(tool.split('-').next().unwrap_or(tool))).is_true())
    };
    for run in stage.each("RUN") {
        for (at, command, packages) in installs(run) {
            let removes = |command: Command| {
                [&APT, &APK, &RPM, &ZYPPER].iter().any(|manager| {
                    manager.action(command).is_some_and(|action| matches!(action.verb, "purge" | "remove" | "autoremove" | "del" | "erase" | "rm"))
                })
            };
            let names = packages.iter().map(|package| package.split(['=', '~', '<', '>']).next().unwrap_or(package));
            let found: Vec<String> = names.filter(|name| TOOLS.contains(name) && !used(name)).map(|name| format!("`{name}`")).collect();
            if !found.is_empty() && run::later(run, at, removes).is_false() {
                report.at(command).message(format!("{} of the shipped image installs {} and keeps it", stage.label(), found.join(", ")));
            }
        }
    }
}

fn installs<'a>(run: Instruction<'a>) -> impl Iterator<Item = (usize, Command<'a>, Vec<&'a str>)> {
    let managers: [&'static Manager; 4] = [&APT, &APK, &RPM, &ZYPPER];
    managers.into_iter().flat_map(move |manager| {
        manager.installs(run).map(|action| (action.at, action.command, action.known().map(|(_, name)| name).collect()))
    })
}
