//! Real files: all parse, every span re-reads as its value, and parsing is fast.

#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::print_stderr,
    reason = "a failing unwrap is a failing test; figures go to the log"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::Project;

/// The corpus beside the repository; `None`, said loudly, where it is not there.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?.parent()?.join("shared/corpus");
    if !path.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", path.display());
        return None;
    }
    Some(path)
}

fn collect(directory: &Path, into: &mut BTreeMap<String, BTreeMap<String, Vec<u8>>>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, into);
        } else if plimsoll_terraform::looks_like_name(&name) || plimsoll_terraform::is_values_file(&name) {
            let module = into.entry(directory.to_string_lossy().into_owned()).or_default();
            module.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_module_of_the_corpus_parses_with_true_spans() {
    let Some(corpus) = corpus() else { return };
    let mut modules = BTreeMap::new();
    collect(&corpus, &mut modules);
    assert!(modules.len() > 50, "the corpus holds {} modules", modules.len());
    let keys = plimsoll_document::KeyTable::new();
    let (mut files, mut bytes, mut nodes, mut unknown, mut scalars) = (0, 0, 0u64, 0, 0);
    let (mut elapsed, mut parser) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    for (directory, contents) in modules {
        let project = Project(contents);
        let paths: Vec<String> = project.0.keys().filter(|name| plimsoll_terraform::looks_like_name(name)).cloned().collect();
        files += paths.len();
        bytes += paths.iter().map(|path| project.0[path].len()).sum::<usize>();
        let before = std::time::Instant::now();
        let parsed =
            plimsoll_terraform::parse(plimsoll_terraform::Input { directory: "", files_in_module: &paths, keys: &keys, files: &project });
        elapsed += before.elapsed();
        for text in paths.iter().filter_map(|path| std::str::from_utf8(&project.0[path]).ok()) {
            let before = std::time::Instant::now();
            let _ = std::hint::black_box(text.parse::<hcl_edit::structure::Body>());
            parser += before.elapsed();
        }
        assert_eq!(parsed.problems, [], "{directory}");
        let (words, text) = parsed.document.table.clone().into_parts();
        plimsoll_document::Table::new(words, text.into_bytes()).unwrap();
        nodes += u64::from(parsed.document.doc().node_count());
        for index in 0..parsed.document.doc().node_count() {
            let node = parsed.document.doc().node(index).unwrap();
            unknown += usize::from(node.kind() == plimsoll_document::Kind::Unknown);
            scalars += usize::from(node.as_str().is_some());
        }
        support::check_spans(&parsed);
    }
    let rate = |time: std::time::Duration| bytes as u128 * 1000 / time.as_nanos().max(1);
    eprintln!("{files} files, {bytes} bytes, {nodes} nodes, {scalars} strings, {unknown} unknown");
    eprintln!("{} MB/s, hcl-edit alone {} MB/s", rate(elapsed), rate(parser));
}
