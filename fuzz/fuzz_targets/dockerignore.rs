//! Ignore files, and paths held against them.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_dockerfile::ignore::Patterns;
use plimsoll_fuzz::project::Project;

/// Paths tried in any case.
const PATHS: [&str; 6] = ["a", "a/b", ".git", "src/main.rs", "node_modules/x/y.js", "é/ß"];

fuzz_target!(|data: &[u8]| -> Corpus {
    let project = Project::read(".dockerignore", data);
    let Ok(file) = std::str::from_utf8(&project.0[".dockerignore"]) else { return Corpus::Reject };
    let (patterns, bad) = Patterns::parse(file);
    for pattern in patterns.patterns() {
        assert_eq!(&file[pattern.at.0..pattern.at.1], pattern.text);
    }
    for pattern in &bad {
        assert_eq!(&file[pattern.at.0..pattern.at.1], pattern.text);
    }
    // The paths are the names of the input's other files.
    for path in project.0.keys().map(String::as_str).chain(PATHS) {
        // Paths are relative to the context; nothing is promised of others, as `/`, which a pattern `/` matches and which is no parent.
        if path.starts_with('/') {
            continue;
        }
        let excluded = patterns.excludes(path);
        let below = format!("{path}/below");
        if patterns.excludes_whole(path) {
            assert!(excluded, "{path} is excluded whole and not at all");
            assert!(patterns.excludes(&below), "{path} is excluded whole, {below} is not");
        }
        if excluded && !patterns.any_includes() && path != "." && !path.ends_with("..") {
            assert!(patterns.excludes(&below), "{path} is excluded, {below} is not");
        }
    }
    Corpus::Keep
});
