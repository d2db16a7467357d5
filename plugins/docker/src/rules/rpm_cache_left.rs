use crate::options::RpmCacheLeft;
use crate::packages::RPM;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const CACHES: [&str; 5] = ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf", "/var/cache/microdnf"];

pub fn check(run: Instruction, options: &RpmCacheLeft, report: &mut Report) {
    if !run::leaves_layer(run) || !run::mounts_over(run, &CACHES).is_false() {
        return;
    }
    let cleans = |command: Command| {
        CACHES.iter().any(|cache| run::removes(command, cache))
            || RPM.action(command).is_some_and(|action| action.verb == "clean" && action.known().all(|(_, what)| what != "metadata" && what != "expire-cache"))
    };
    let Some(last) = RPM.installs(run).last() else { return };
    if run::later(run, last.at, cleans).is_false() && strategy::is_cleanup(&options.strategy, run, &CACHES) {
        let name = last.command.name().known().unwrap_or("dnf");
        report
            .at(last.command)
            .message(format!("`{name} {}` leaves its cache in the layer", last.verb))
            .fix(Fix::safe("clean the cache in the same RUN").insert_after(last.command, format!("{name} clean all")));
    }
}
