//! Every node stands where its span says.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/generate.rs"]
mod generate;
mod support;

use plimsoll_document::{Flags, Kind, Lookup, Node};
use support::{Texts, parse};

/// What a piece of YAML is worth in a project with the same variables, in words.
fn reread(slice: &str, files: &Texts) -> Option<String> {
    let mut files = files.clone();
    files.0.insert("compose.yaml".to_owned(), format!("x-value: {}\n", slice.replace('\n', "\n  ")));
    files.0.remove("compose.override.yaml");
    let parsed = parse("compose.yaml", &files);
    match parsed.document.doc().root().get_text("x-value") {
        Lookup::Present(value) => words(value),
        _ => None,
    }
}

fn words(node: Node<'_>) -> Option<String> {
    match node.kind() {
        Kind::Bool => Some(node.as_bool()?.to_string()),
        Kind::Number => Some(node.as_f64()?.to_string()),
        Kind::String => node.as_str().map(str::to_owned),
        _ => None,
    }
}

/// Whether `node` was written by the host without words of its own in a file.
fn worked_out(node: Node<'_>) -> bool {
    let mut at = Some(node);
    while let Some(node) = at {
        if node.key() == "facts" || node.is_ref() {
            return true;
        }
        at = node.parent();
    }
    false
}

fn stands(node: Node<'_>, files: &Texts) -> Result<(), String> {
    let Some(value) = words(node) else { return Ok(()) };
    let slice = node.source_text();
    let clean = slice.trim_end_matches('/');
    // Read as it is, as YAML, or as a mount target without its last slash.
    if slice == value || clean == value || reread(slice, files).is_some_and(|again| again == value) {
        return Ok(());
    }
    let implied = match node.key() {
        // Short syntax says these without a word of their own.
        "type" | "read_only" | "nocopy" | "soft" | "hard" => true,
        // One port of a range, a word with quotes inside, an item of a long string.
        "published" | "target" => slice.contains('-'),
        _ => node.parent().is_some_and(|list| matches!(list.key(), "command" | "entrypoint" | "test")),
    };
    // A line of a file of variables has its own quotes and expressions.
    let elsewhere = node.parent().is_some_and(|map| matches!(map.key(), "environment" | "labels")) && node.span().source > 0;
    if implied || elsewhere || slice.contains('$') {
        return Ok(());
    }
    Err(format!("{node:?} stands at {slice:?}"))
}

#[test]
fn every_scalar_is_read_again_from_its_span() {
    let mut checked = 0;
    for seed in 0..60 {
        let files = generate::project(seed);
        let parsed = parse("compose.yaml", &files);
        let doc = parsed.document.doc();
        let (words, text) = parsed.document.table.clone().into_parts();
        plimsoll_document::Table::new(words, text.into_bytes()).unwrap();
        for index in 0..doc.node_count() {
            let node = doc.node(index).unwrap();
            let span = node.span();
            let text = doc.source_text(span.source);
            assert!(span.start <= span.end && span.end as usize <= text.len(), "seed {seed}: {node:?} at {span:?}");
            if worked_out(node) {
                continue;
            }
            if let Some(at) = node.key_span() {
                let slice = doc.slice(at);
                let key = node.key();
                let short = slice.is_empty() || matches!(node.parent().map(Node::key), Some("depends_on" | "networks"));
                assert!(short || slice == key || reread(slice, &files).as_deref() == Some(key), "seed {seed}: key {key:?} at {slice:?}");
            }
            if let Err(why) = stands(node, &files) {
                panic!("seed {seed}: {why}\n{}", files.0["compose.yaml"]);
            }
            checked += 1;
        }
    }
    assert!(checked > 3000);
}

#[test]
fn a_container_holds_its_children() {
    for seed in 0..60 {
        let mut files = generate::project(seed);
        files.0.remove("compose.override.yaml");
        let parsed = parse("compose.yaml", &files);
        let doc = parsed.document.doc();
        for index in 1..doc.node_count() {
            let node = doc.node(index).unwrap();
            let parent = node.parent().unwrap();
            // A map merged with another one, here through `extends`, holds what stands elsewhere.
            let merged = parent.origin().next().is_some();
            let moved = node.flags().has(Flags::FROM_ANCHOR) || worked_out(node) || merged;
            if !moved && node.span().source == parent.span().source && parent.key() != "healthcheck" {
                assert!(parent.span().contains(node.span()), "seed {seed}: {node:?} {:?} in {parent:?} {:?}", node.span(), parent.span());
            }
        }
    }
}

#[test]
fn mangled_projects_still_give_documents() {
    let pieces =
        ["${", "}", ":", "- ", "\n", "  ", "\"", "'", "&a ", "*a", "<<: ", "!reset ", "[", "{", "\u{e9}", "\u{f8ff}", "=", "${X:-${"];
    for seed in 0..40 {
        let files = generate::project(seed);
        let mut state = seed * 7919 + 1;
        let mut roll = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        for _ in 0..15 {
            let mut files = files.clone();
            let names: Vec<String> = files.0.keys().cloned().collect();
            let text = files.0.get_mut(&names[roll(names.len())]).unwrap();
            for _ in 0..=roll(3) {
                let mut start = roll(text.len());
                let mut end = (start + roll(12)).min(text.len());
                while !text.is_char_boundary(start) {
                    start -= 1;
                }
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                text.replace_range(start..end, pieces[roll(pieces.len())]);
            }
            let parsed = parse("compose.yaml", &files);
            let (words, text) = parsed.document.table.clone().into_parts();
            let table = plimsoll_document::Table::new(words, text.into_bytes()).unwrap();
            let doc = table.doc();
            for index in 0..doc.node_count() {
                let node = doc.node(index).unwrap();
                for at in [Some(node.span()), node.key_span()].into_iter().flatten() {
                    assert!(
                        doc.source_text(at.source).get(at.start as usize..at.end as usize).is_some(),
                        "seed {seed}: {node:?} at {at:?}"
                    );
                }
            }
            for at in parsed.problems.iter().map(|problem| problem.at).chain(parsed.comments.iter().map(|comment| comment.at)) {
                assert!(doc.source_text(at.source).get(at.start as usize..at.end as usize).is_some(), "seed {seed}: {at:?}");
            }
        }
    }
}
