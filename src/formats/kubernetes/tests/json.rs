//! Objects as JSON, which is how an API server hands them over: every value as in the JSON, however it is laid out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use plimsoll_document::{KeyTable, Kind, Node};
use plimsoll_kubernetes::{Input, parse};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => json!(node.as_bool().unwrap()),
        Kind::Number => json!(node.as_f64().unwrap()),
        Kind::String => json!(node.as_str().unwrap()),
        Kind::List => node.children().map(value).collect(),
        Kind::Map => node.children().map(|child| (child.key().to_owned(), value(child))).collect::<Map<_, _>>().into(),
        Kind::Ref | Kind::Unknown => panic!("{node:?}"),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number))),
        (-1e12..1e12f64).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[yesnotru0-9~.:#{}\\[\\]&*!|>%@`'\"\\\\\t\n\r\u{0}\u{7f}\u{85}\u{2028}\u{feff} -]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z0-9/.~ :-]{0,10}", inner, 0..5)
                .prop_map(|map| Value::from(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn check(object: &Value, text: &str) {
    let keys = KeyTable::new();
    let file = parse(&Input { path: "object.json", text, keys: &keys });
    assert!(file.problems.is_empty(), "{:?}\n{text}", file.problems);
    let mut found = value(file.objects[0].doc().root().get_text("spec").known().unwrap());
    let mut expected = object["spec"].clone();
    for side in [&mut found, &mut expected] {
        side["end"] = Value::Null;
    }
    assert_eq!(found, expected, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_those_of_the_json(spec in any_json()) {
        let object = json!({"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"x": spec, "end": null}});
        check(&object, &object.to_string());
        check(&object, &serde_json::to_string_pretty(&object).unwrap());
        check(&object, &serde_json::to_string_pretty(&object).unwrap().replace("\n  ", "\n\t"));
    }
}

#[test]
fn long_keys_and_values() {
    let long = "k".repeat(3000);
    let object = json!({"apiVersion": "example.com/v1", "kind": "Thing", "spec": {long.clone(): long, "end": null}});
    check(&object, &object.to_string());
}

/// What API servers keep for themselves is often half of an object; it is not judged, and what is like it stays.
#[test]
fn managed_fields_of_the_object_are_left_out() {
    let keys = KeyTable::new();
    let parse = |text: &str| plimsoll_kubernetes::parse_object(&Input { path: "", text, keys: &keys });
    let text = r#"{"metadata": {"managedFields": [{"fieldsV1": {"f:a\"": {}, "b": [1, null, "]"]}}], "name": "web"},
        "managedFields": 1, "spec": {"metadata": {"managedFields": 2}, "list": [{"managedFields": 3}]}}"#;
    let document = parse(text).unwrap();
    let root = document.doc().root();
    let metadata = root.get_text("metadata").known().unwrap();
    assert_eq!(value(metadata), json!({"name": "web"}));
    assert_eq!(metadata.get_text("name").known().unwrap().source_text(), "\"web\"");
    assert_eq!(value(root.get_text("managedFields").known().unwrap()), json!(1.0));
    assert_eq!(
        value(root.get_text("spec").known().unwrap()),
        json!({"metadata": {"managedFields": 2.0}, "list": [{"managedFields": 3.0}]})
    );
    for broken in ["[", "{\"a\"}", "[1,]", "tru", "\"\n\"", "{\"a\":1 \"b\":2}", "01"] {
        assert!(parse(&format!("{{\"metadata\": {{\"managedFields\": {broken}}}}}")).is_err(), "{broken}");
    }
    let deep = format!("{{\"metadata\": {{\"managedFields\": {}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(parse(&deep).is_err(), "the depth is bounded there too");
}
