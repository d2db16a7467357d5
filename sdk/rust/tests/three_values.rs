//! What cannot be told never looks like a value or like nothing.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_document::{Builder, Document, Flags, Key, KeyTable, Node, Span, Value};
use plimsoll_sdk::{Dyn, Truth, View, docker};

const NOWHERE: Span = Span::new(0, 0, 0);

/// `{keyword: "RUN", flags: {}, sources: [a, <unknown>, b (may exist)], value: null}`, with an open map under `image`.
fn instruction() -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new("docker", &keys);
    builder.source("Dockerfile", "");
    let root = builder.root(Value::Map, NOWHERE);
    builder.entry(root, Key::fact("keyword"), Value::String("RUN"), NOWHERE);
    builder.entry(root, Key::fact("flags"), Value::Map, NOWHERE);
    builder.entry(root, Key::fact("value"), Value::Null, NOWHERE);
    let sources = builder.entry(root, Key::fact("sources"), Value::List, NOWHERE);
    builder.item(sources, Value::String("a"), NOWHERE);
    builder.item(sources, Value::Unknown("ARG X has no default"), NOWHERE);
    let maybe = builder.item(sources, Value::String("b"), NOWHERE);
    builder.flag(maybe, Flags::MAY_EXIST);
    let image = builder.entry(root, Key::fact("image"), Value::Map, NOWHERE);
    builder.entry(image, Key::fact("tag"), Value::Number(3.0), NOWHERE);
    builder.flag(image, Flags::OPEN);
    builder.finish()
}

fn view(document: &Document) -> docker::Instruction<'_> {
    docker::Instruction::from_node(document.doc().root())
}

#[test]
fn absent_null_and_open_are_three_things() {
    let document = instruction();
    let run = view(&document);
    assert_eq!(run.keyword().known(), Some("RUN"));
    assert!(run.form().is_absent() && !run.form().is_unknown(), "a closed map without the key");
    assert!(run.value().is_absent(), "null is nothing");
    assert!(run.image().digest().is_unknown(), "an open map without the key");
    assert!(run.image().tag().is_unknown(), "a number where the schema says string");
    assert!(run.trigger().image().tag().is_absent(), "absent is passed on");
    assert!(run.flags().mount().is_absent() && run.flags().mount().is_empty().is_true());
}

#[test]
fn comparisons_with_unknown_are_unknown_both_ways() {
    let document = instruction();
    let digest = view(&document).image().digest();
    assert_eq!(digest.is("x"), Truth::Unknown);
    assert_eq!(!digest.is("x"), Truth::Unknown);
    assert_eq!(digest.is("x") & false, Truth::False);
    assert_eq!(digest.is("x") | true, Truth::True);
    assert_eq!(digest.or_absent("y").known(), None, "a default stands in for absence only");
}

#[test]
fn a_list_with_unknown_items_decides_only_what_it_can() {
    let document = instruction();
    let sources = view(&document).sources();
    assert_eq!(sources.contains("a"), Truth::True);
    assert_eq!(sources.contains("b"), Truth::Unknown, "the item may not exist");
    assert_eq!(sources.contains("c"), Truth::Unknown, "the unknown item may be it");
    assert_eq!(sources.all(|source| source == "z"), Truth::False);
    assert_eq!(sources.is_empty(), Truth::False);
    assert_eq!(sources.count(), None);
    assert_eq!(sources.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    assert!(sources.last().is_unknown() && sources.get(3).is_unknown());
    assert_eq!(sources.first().known(), Some("a"));
}

#[test]
fn a_path_goes_through_the_only_block_and_no_other() {
    let keys = KeyTable::new();
    let mut builder = Builder::new("terraform", &keys);
    builder.source("main.tf", "");
    let root = builder.root(Value::Map, NOWHERE);
    let one = builder.entry(root, Key::fact("one"), Value::List, NOWHERE);
    let block = builder.item(one, Value::Map, NOWHERE);
    builder.entry(block, Key::fact("enabled"), Value::String("true"), NOWHERE);
    let two = builder.entry(root, Key::fact("two"), Value::List, NOWHERE);
    builder.item(two, Value::Map, NOWHERE);
    builder.item(two, Value::Map, NOWHERE);
    let document = builder.finish();
    let body = Dyn::new(document.doc().root());
    assert_eq!(body.attr("one.enabled").bool().known(), Some(true));
    assert!(body.attr("one.missing").is_absent() && body.attr("none.enabled").is_absent());
    assert!(body.attr("two.enabled").is_unknown());
    assert_eq!(body.blocks("two").count(), Some(2));
    let node: Node<'_> = body.attr("one.0.enabled").known().unwrap().into();
    assert_eq!(node.key(), "enabled");
}
