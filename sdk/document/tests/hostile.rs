//! Tables that say what is not so. Found by `fuzz/fuzz_targets/abi.rs`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_document::{Builder, KeyTable, OriginEntry, Role, Span, Table, Value};

/// Word of the header that holds the first node's, and column of a node that holds the word of its origin's count.
const FIRST_NODE: usize = 3;
const ORIGIN: usize = 16;

#[test]
fn an_origin_of_more_entries_than_the_table_has_words_ends() {
    let keys = KeyTable::new();
    let mut builder = Builder::new("kubernetes", &keys);
    let source = builder.source("text", "a");
    let at = Span::new(source, 0, 1);
    let root = builder.root(Value::Map, at);
    let origin = builder.origin(&[OriginEntry { role: Role::Decided, at }]);
    builder.set_origin(root, origin);
    let (mut words, text) = builder.finish().table.into_parts();
    let count = words[words[FIRST_NODE] as usize + ORIGIN] as usize;
    assert_eq!(words[count], 1);
    words[count] = u32::MAX;
    let length = words.len();
    let table = Table::new(words, text.into_bytes()).unwrap();
    let doc = table.doc();
    // Steps, not only entries: what lies beyond the table is skipped.
    let steps = doc.root().origin().size_hint().1.unwrap();
    assert!(steps <= length, "{steps} steps");
    assert_eq!(doc.root().origin().next(), Some(OriginEntry { role: Role::Decided, at }));
}
