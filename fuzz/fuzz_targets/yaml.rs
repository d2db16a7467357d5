//! YAML and JSON texts: the tree as written, and as documents.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_document::{Builder, Kind, Node};
use plimsoll_formats::{MAX_DEPTH, MAX_NODES};
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::keys;
use plimsoll_yaml::{Content, Covers, Id, ProblemKind, Reading, Stream, Style, Tree, Writer, parse};
use serde_json::Value;
use std::collections::HashMap;

fn check_stream(text: &str, stream: &Stream<'_>) {
    let slice = |range: &std::ops::Range<u32>| text.get(range.start as usize..range.end as usize);
    let covers = Covers::new(text, stream);
    for comment in &stream.comments {
        let written = slice(&comment.at).expect("a comment can be sliced");
        assert!(written.starts_with('#') && !written.contains(['\n', '\r']), "{written:?} is no comment");
        if let Some(covered) = covers.of(comment) {
            assert!(slice(&covered).is_some(), "a comment covers {covered:?}");
        }
    }
    for problem in &stream.problems {
        assert!(slice(&problem.at).is_some(), "{problem:?} cannot be sliced");
    }
    for tree in &stream.documents {
        check_tree(text, tree);
    }
}

fn check_tree(text: &str, tree: &Tree<'_>) {
    assert!(!tree.is_empty());
    let mut depths: HashMap<Id, u32> = HashMap::new();
    for id in tree.ids() {
        let node = tree.node(id);
        let written = text.get(node.span.start as usize..node.span.end as usize).expect("a node can be sliced");
        assert!(node.start <= node.span.start, "{node:?} begins behind its span");
        assert!(text.is_char_boundary(node.start as usize));
        if let Some(anchor) = &node.anchor {
            assert!(
                text.get(anchor.start as usize..anchor.end as usize).is_some_and(|name| name.starts_with('&')),
                "{node:?} has no anchor there"
            );
        }
        match &node.content {
            Content::Scalar { style, .. } => {
                let (first, last) = (written.chars().next(), written.chars().last());
                let marked = match style {
                    Style::Plain => true,
                    Style::Single => written.len() > 1 && first == Some('\'') && last == first,
                    Style::Double => written.len() > 1 && first == Some('"') && last == first,
                    Style::Literal => first == Some('|'),
                    Style::Folded => first == Some('>'),
                };
                assert!(marked, "a {style:?} scalar at {written:?}");
            }
            Content::Sequence { flow, items } => {
                let bounds =
                    if *flow { written.starts_with('[') && (node.open || written.ends_with(']')) } else { written.starts_with('-') };
                assert!(bounds || (node.open && written.is_empty()), "a sequence at {written:?}");
                nested(tree, id, items, &mut depths);
            }
            Content::Mapping { flow, entries } => {
                let children: Vec<Id> = entries.iter().flat_map(|entry| [entry.key, entry.value]).collect();
                nested(tree, id, &children, &mut depths);
                let braces = *flow && written.starts_with('{');
                let first = children.first().map(|child| tree.node(*child).span.start);
                assert!(braces || first.is_none_or(|first| first == node.span.start), "a mapping at {written:?}");
            }
            Content::Alias { .. } => assert!(written.starts_with('*'), "an alias at {written:?}"),
            Content::Broken => {}
        }
        assert!(tree.merged(id).len() <= MAX_NODES as usize);
        let block = matches!(node.content, Content::Scalar { style: Style::Literal | Style::Folded, .. });
        // White space at the end of a block scalar may belong to its value (`|+`), and to that of what it ends; where an error ends a
        // collection is as far as was read.
        let ends_in_text = !written.ends_with([' ', '\t', '\n', '\r']);
        assert!(ends_in_text || block || node.open || written.contains(['|', '>']), "{node:?} ends in white space: {written:?}");
    }
}

fn nested(tree: &Tree<'_>, parent: Id, children: &[Id], depths: &mut HashMap<Id, u32>) {
    let outer = &tree.node(parent).span;
    let depth = depths.get(&parent).copied().unwrap_or_default() + 1;
    assert!(depth <= MAX_DEPTH, "nested {depth} levels deep");
    for child in children {
        let span = &tree.node(*child).span;
        assert!(outer.start <= span.start && span.end <= outer.end, "{span:?} is not inside {outer:?}");
        depths.insert(*child, depth);
    }
}

fn check_documents(text: &str, tree: &Tree<'_>) {
    for reading in [Reading::KUBERNETES, Reading::COMPOSE] {
        let mut builder = Builder::new("kubernetes", keys());
        builder.source("text", text);
        let mut writer = Writer::new(tree, text, 0, &mut builder, reading);
        writer.root(tree.root());
        let problems = std::mem::take(&mut writer.problems);
        for problem in problems {
            assert!(text.get(problem.at.start as usize..problem.at.end as usize).is_some(), "{problem:?} cannot be sliced");
        }
        document::well_formed(&builder.finish());
    }
}

/// JSON is YAML: what one accepts the other reads as the same value.
fn check_json(text: &str) {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return;
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let stream = parse(text);
    // Templates are told before anything else, and of two equal keys both are kept.
    if stream.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Template | ProblemKind::DuplicateKey)) {
        return;
    }
    assert_eq!(stream.problems, [], "JSON is refused");
    let [tree] = stream.documents.as_slice() else { panic!("{} documents of one JSON text", stream.documents.len()) };
    let mut builder = Builder::new("kubernetes", keys());
    builder.source("text", text);
    Writer::new(tree, text, 0, &mut builder, Reading::KUBERNETES).root(tree.root());
    let document = builder.finish();
    same(document.doc().root(), &value);
}

fn same(node: Node<'_>, value: &Value) {
    let equal = match value {
        Value::Null => node.kind() == Kind::Null,
        Value::Bool(value) => node.as_bool() == Some(*value),
        // serde_json may be off by a unit in the last place.
        Value::Number(number) => node
            .as_f64()
            .zip(number.as_f64())
            .is_some_and(|(ours, theirs)| (ours - theirs).abs() <= theirs.abs().max(f64::MIN_POSITIVE) * 4.0 * f64::EPSILON),
        Value::String(text) => node.as_str() == Some(text),
        Value::Array(items) => {
            assert_eq!((node.kind(), node.len() as usize), (Kind::List, items.len()));
            node.children().zip(items).for_each(|(child, item)| same(child, item));
            true
        }
        Value::Object(entries) => {
            // `"<<"` in quotes is a key as any other.
            assert_eq!((node.kind(), node.len() as usize), (Kind::Map, entries.len()));
            for (child, (key, value)) in node.children().zip(entries) {
                assert_eq!(child.key(), key);
                same(child, value);
            }
            true
        }
    };
    assert!(equal, "{node:?} is not {value}");
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let stream = parse(text);
    let again = parse(text);
    assert_eq!(format!("{stream:?}"), format!("{again:?}"), "two parses of one text differ");
    check_stream(text, &stream);
    for tree in &stream.documents {
        check_documents(text, tree);
    }
    check_json(text);
    Corpus::Keep
});
