//! Compose projects of several files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_compose::Input;
use plimsoll_formats::Parsed;
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::{Project, keys};

fn parse(project: &Project) -> Parsed {
    plimsoll_compose::parse(&Input { path: "compose.yaml", keys: keys(), files: project })
}

fuzz_target!(|data: &[u8]| {
    let project = Project::read("compose.yaml", data);
    let parsed = parse(&project);
    document::check(&parsed, &parse(&project));
    assert_eq!(parsed.document.sources[0].uri, "compose.yaml", "the base file is the first source");
    let mut sorted = parsed.comments.clone();
    sorted.sort_by_key(|comment| comment.at);
    assert_eq!(sorted, parsed.comments, "comments are in order");
    for bytes in project.0.values() {
        let _ = std::str::from_utf8(bytes).map(plimsoll_compose::looks_like);
    }
});
