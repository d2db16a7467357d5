use crate::context::{copies, is_remote};
use plimsoll_sdk::docker::{Dockerfile, Report};

/// What is usually made before an image is built.
const BUILT: [&str; 16] =
    ["dist", "build", "target", "bin", "out", "output", "public", "release", "artifacts", "publish", "node_modules", "vendor", "_build", "obj", "lib", "pkg"];

pub fn check(file: Dockerfile, report: &mut Report) {
    let context = file.facts().context();
    let entries = context.entries();
    if entries.is_open() || entries.is_unknown() || entries.is_absent() {
        return;
    }
    let lies = |name: &str| entries.iter().any(|entry| entry.path().is(name).is_true());
    let mut there = false;
    let mut missing = vec![];
    for copy in copies(file).filter(|copy| copy.flags().from().is_absent()) {
        for source in copy.sources() {
            let clean = source.trim_start_matches("./").trim_start_matches('/');
            let top = clean.split('/').next().unwrap_or_default();
            if top.is_empty() || clean.contains(['*', '?', '[', '$']) || matches!(top, "." | "..") || is_remote(source) {
                continue;
            }
            if lies(top) {
                there = true;
            } else if !BUILT.contains(&top) && !top.contains(".jar") && !top.contains(".war") {
                missing.push((copy, source));
            }
        }
    }
    for (copy, source) in missing.into_iter().filter(|_| there) {
        report.at(copy).message(format!("`{source}` is not in the build context"));
    }
}
