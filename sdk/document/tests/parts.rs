//! A document that is one part of a file.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_document::{Builder, Document, Key, KeyTable, Malformed, Span, Table, Value};
use std::sync::Arc;

const FILE: &str = "kind: A\n---\nkind: Bé\nname: x\n";

/// The second object, and the header's word that its text starts at.
fn second() -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new("kubernetes", &keys);
    let start = FILE.find("kind: B").unwrap();
    builder.part("two.yaml", &Arc::from(FILE), start..FILE.len() - 1);
    let span = |text: &str| {
        let at = FILE.rfind(text).unwrap() as u32;
        Span::new(0, at, at + text.len() as u32)
    };
    let root = builder.root(Value::Map, Span::new(0, start as u32, FILE.len() as u32 - 1));
    builder.entry(root, Key::at("kind", span("kind")), Value::String("Bé"), span("Bé"));
    // What is written outside of the part is there all the same.
    builder.entry(root, Key::at("from", Span::new(0, 0, 4)), Value::String("A"), Span::new(0, 6, 7));
    builder.finish()
}

#[test]
fn it_carries_its_part_and_counts_from_the_file() {
    let document = second();
    assert_eq!(document.doc().source_text(0), "kind: Bé\nname: x");
    assert_eq!(document.source_text(0), FILE);
    assert_eq!((document.doc().source_length(0), document.sources[0].length), (17, FILE.len() as u32));
    let kind = document.doc().root().get_text("kind").known().unwrap();
    assert_eq!((kind.as_str(), kind.source_text(), kind.span().start), (Some("Bé"), "Bé", 18));
    assert!(!document.table.text()[17..].contains('B'), "what stands in the part is not stored twice");
}

#[test]
fn what_is_written_elsewhere_has_a_value_and_no_text() {
    let document = second();
    let from = document.doc().root().get_text("from").known().unwrap();
    assert_eq!((from.as_str(), from.key(), from.source_text()), (Some("A"), "from", ""));
    for (start, end) in [(0, 4), (10, 14), (28, 30), (11, u32::MAX), (20, 19)] {
        assert_eq!(document.doc().slice(Span::new(0, start, end)), "", "{start}..{end}");
    }
    assert_eq!(document.doc().slice(Span::new(1, 0, 0)), "");
}

#[test]
fn a_table_that_lies_about_its_part_is_refused() {
    let (words, text) = second().table.into_parts();
    assert!(Table::new(words.clone(), text.clone().into_bytes()).is_ok());
    // The header's first source: its text start, its end.
    for (word, lie) in [(6, u32::MAX), (6, 1 << 31), (7, u32::MAX), (7, 4_000)] {
        let mut words = words.clone();
        words[word] = lie;
        let table = Table::new(words, text.clone().into_bytes());
        match table {
            Err(error) => assert_eq!(error, Malformed::Truncated),
            // A beginning that fits by chance reads as text of the table, never beyond it.
            Ok(table) => assert!(table.doc().source_text(0).len() <= text.len()),
        }
    }
}
