//! One way per package manager to keep its cache out of the image: cleaning up in the same RUN, or a cache mount. Never both are asked for.

use crate::run;
use plimsoll_sdk::docker::{Dockerfile, Instruction, View as _};

/// Whether the rules about cleaning up speak for a package manager with these caches. `strategy` is the option: `cleanup`, `cache-mounts`, or
/// `auto`, by which a file that mounts a cache for this manager anywhere is asked to do so everywhere, and any other to clean up.
pub(crate) fn is_cleanup(strategy: &str, instruction: Instruction<'_>, caches: &[&str]) -> bool {
    match strategy {
        "cleanup" => true,
        "cache-mounts" => false,
        _ => !mounts_somewhere(instruction, caches),
    }
}

fn mounts_somewhere(instruction: Instruction<'_>, caches: &[&str]) -> bool {
    let file = Dockerfile::from_node(instruction.node().doc().root());
    file.stages()
        .iter()
        .flat_map(|stage| stage.each("RUN"))
        .any(|run| run.flags().mount().iter().any(|mount| mount.type_().is("cache").is_true()) && run::mounts_over(run, caches).is_true())
}
