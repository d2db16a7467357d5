use crate::options::PackageCacheMountMissing;
use crate::packages::{APK, APT, Manager, RPM, ZYPPER};
use crate::{projects, run, strategy};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// Package managers of distributions and where they keep what they download.
static SYSTEMS: [(&Manager, &[&str]); 4] = [
    (&APT, &["/var/cache/apt", "/var/lib/apt"]),
    (&APK, &["/var/cache/apk", "/etc/apk/cache"]),
    (&RPM, &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"]),
    (&ZYPPER, &["/var/cache/zypp"]),
];

pub fn check(run: Instruction, options: &PackageCacheMountMissing, report: &mut Report) {
    if options.strategy == "cleanup" {
        return;
    }
    for (command, caches) in installs(run) {
        // Who keeps no cache has none to mount.
        let keeps = command.has_any_flag(&["--no-cache", "--no-cache-dir"]).is_false() && !strategy::pip_keeps_nothing(run, command);
        if keeps && run::mounts_over(run, caches).is_false() && !strategy::is_cleanup(&options.strategy, run, caches) {
            let name = command.name().known().unwrap_or_default();
            let draft = report.at(command).message(format!("`{name}` downloads again at every build: no cache is mounted on {}", caches[0]));
            let source = run.node().source_text();
            if let (Some(rest), true) = (source.get(3..), source.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("run"))) {
                let text = format!("{} --mount=type=cache,target={}{rest}", &source[..3], caches[0]);
                draft.fix(Fix::unsafe_("mount a cache").replace_source(run, text));
            }
            return;
        }
    }
}

fn installs<'a>(run: Instruction<'a>) -> impl Iterator<Item = (Command<'a>, &'static [&'static str])> {
    let system = SYSTEMS.iter().flat_map(move |(manager, caches)| manager.installs(run).map(move |action| (action.command, *caches)));
    let pip = crate::packages::pip_installs(run).map(|action| (action.command, &["/root/.cache/pip"][..]));
    let tools = projects::installs(run.commands()).filter(|(_, _, tool)| !tool.program.starts_with("pip")).map(|(_, command, tool)| (command, tool.caches));
    system.chain(pip).chain(tools)
}
