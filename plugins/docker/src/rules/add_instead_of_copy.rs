use crate::context::{is_archive, is_remote};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(add: Instruction, report: &mut Report) {
    let sources = add.sources();
    let copied = |source: &str| !is_remote(source) && !is_archive(source);
    if sources.is_empty().is_true() || !sources.all(copied).is_true() {
        return;
    }
    let names: Vec<String> = sources.iter().map(|source| format!("`{source}`")).collect();
    let draft = report.at(add).message(format!("ADD copies {}, which COPY does without unpacking or fetching", names.join(", ")));
    let flags = add.flags();
    let own = [flags.checksum().is_absent(), flags.keep_git_dir().is_absent(), flags.unpack().is_absent()];
    // What a pattern stands for may be an archive.
    let plain = sources.all(|source| !source.contains(['*', '?', '['])).is_true();
    if plain && own == [true; 3] {
        draft.fix(Fix::safe("copy it with COPY").set(add, "/keyword", "COPY"));
    }
}
