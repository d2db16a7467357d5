//! Tables that say what is not so. Found by `fuzz/fuzz_targets/abi.rs`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_document::{Builder, Doc, KeyTable, OriginEntry, Role, Span, Value};

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
    let mut document = builder.finish();
    let count = document.words[document.words[FIRST_NODE] as usize + ORIGIN] as usize;
    assert_eq!(document.words[count], 1);
    document.words[count] = u32::MAX;
    let doc = Doc::new(&document.words, &document.bytes).unwrap();
    // Steps, not only entries: what lies beyond the table is skipped.
    let steps = doc.root().origin().size_hint().1.unwrap();
    assert!(steps <= document.words.len(), "{steps} steps");
    assert_eq!(doc.root().origin().next(), Some(OriginEntry { role: Role::Decided, at }));
}
