use crate::options::ApkCacheLeft;
use crate::packages::APK;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const CACHES: [&str; 2] = ["/var/cache/apk", "/etc/apk/cache"];

pub fn check(run: Instruction, options: &ApkCacheLeft, report: &mut Report) {
    if !run::leaves_layer(run) || !run::mounts_over(run, &CACHES).is_false() {
        return;
    }
    for add in APK.actions(run, &["add"]) {
        let removed = run::later(run, add.at, |command| CACHES.iter().any(|cache| run::removes(command, cache)));
        if !add.command.has_flag("--no-cache").is_false() || !removed.is_false() || !strategy::is_cleanup(&options.strategy, run, &CACHES) {
            continue;
        }
        let mut fix = Fix::safe("install with `--no-cache`").insert_after(add.word, "--no-cache");
        // With --no-cache the index is fetched anyway.
        for word in add.command.words().items().filter(|word| word.value().is_any(&["--update", "-U", "--update-cache"]).is_true()) {
            fix = fix.remove(word, "");
        }
        report.at(add.command).message("`apk add` without `--no-cache` leaves the package index in the layer").fix(fix);
    }
}
