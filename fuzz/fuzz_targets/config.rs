//! `plimsoll.toml`, and what selectors and waivers in it come to.

#![no_main]

use jiff::civil::date;
use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_config::{Config, Origin, load};
use plimsoll_verdict::{Evaluator, own_rules};
use std::path::PathBuf;
use std::sync::OnceLock;

/// A folder of this process's own; in memory where the system has that.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = parent.join(format!("plimsoll-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        folder
    })
}

fn check(config: &Config, text: &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.matches('\n').count() as u32 + 1;
    let origins = config.problems.iter().map(|problem| &problem.origin);
    let effective = config.effective();
    for origin in origins.chain(effective.iter().map(|setting| &setting.origin)) {
        let Origin::File { path, start, end, line, column } = origin else { continue };
        // An extended file has a text of its own; only this one's is at hand.
        if path.ends_with("plimsoll.toml") {
            assert!(*start <= *end && *end as usize <= text.len(), "{start}..{end} is not in {} bytes", text.len());
            assert!((1..=lines).contains(line) && *column >= 1, "line {line}, column {column}");
            assert!(text.is_char_boundary(*start as usize) && text.is_char_boundary(*end as usize), "{start}..{end} cuts a character");
        }
    }
    for problem in &config.problems {
        assert!(!problem.message.is_empty() && !problem.message.contains('\n'), "{:?}", problem.message);
    }
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let file = folder().join("plimsoll.toml");
    std::fs::write(&file, data).expect("the file can be written");
    let config = load(&file, folder());
    assert_eq!(config, load(&file, folder()), "two readings of one text differ");
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(config.has_errors(), "bytes that are no text are an error");
        return Corpus::Keep;
    };
    check(&config, text);
    let evaluator = Evaluator::new(&own_rules(), &config, folder(), date(2026, 11, 21));
    for path in ["Dockerfile", "deploy/web.yaml", "é/main.tf"] {
        let enabled = evaluator.enabled(path);
        assert!(enabled.iter().all(|rule| evaluator.severity(*rule, path).is_some()));
    }
    let _ = (evaluator.close(&[], true), evaluator.problems().len());
    Corpus::Keep
});
