//! One way per package manager to keep its cache out of the image: cleaning up in the same RUN, or a cache mount. Never both are asked for.

use crate::run::{self, stage_of};
use plimsoll_sdk::docker::{Command, Dockerfile, Instruction, Pair, Truth, View as _};

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

const NO_PIP_CACHE: &str = "PIP_NO_CACHE_DIR";

/// Whether pip is told by its environment to keep nothing: before the command, in the RUN, in the stage so far, or in those it starts from.
pub(crate) fn pip_keeps_nothing(run: Instruction<'_>, command: Command<'_>) -> bool {
    let sets = |pair: Pair<'_>| pair.key().is(NO_PIP_CACHE).is_true() && is_on(pair);
    let exports = |command: Command<'_>| command.is("export") && command.words().iter().any(|word| word.starts_with(NO_PIP_CACHE));
    if command.assignments().iter().any(sets) || run.commands().iter().any(exports) {
        return true;
    }
    let Some(stage) = stage_of(run) else { return false };
    let says = |instruction: Instruction<'_>| (instruction.is("ENV") || instruction.is("ARG")) && instruction.pairs().iter().any(sets);
    stage.instructions().iter().take_while(|other| other.span().start < run.span().start).any(says)
        || stage.facts().parents().iter().any(|parent| parent.instructions().iter().any(says))
}

/// pip takes any value but these for a yes; one that cannot be told may be one.
fn is_on(pair: Pair<'_>) -> bool {
    pair.value().holds(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "off" | "no")) != Truth::False
}
