//! Kubernetes objects in any style of YAML.

use crate::support::{Project, find};
use crate::tree::value;
use plimsoll_document::{Kind, Node};
use plimsoll_fix::{Op, OpKind, Plan, render};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i16>().prop_map(|number| json!(f64::from(number))),
        "[a-z0-9 :#'\"\\\\{},\\[\\]&*!|>%@=~\n.-]{0,8}".prop_map(Value::from),
        Just(json!("yes")),
        Just(json!("1e3")),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-d]{1,2}", inner, 0..4).prop_map(|map| Value::from(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// YAML in one of many styles, chosen by `style`: block or flow, with comments, other indentation and carriage returns.
fn yaml(value: &Value, style: u32, indent: usize, out: &mut String) {
    let step = if style & 1 == 0 { 2 } else { 4 };
    let pad = " ".repeat(indent);
    let comment = if style & 2 == 0 { "" } else { " # why" };
    let inner = style.rotate_right(3);
    match value {
        Value::Object(map) if !map.is_empty() && style & 0xc != 0xc => {
            for (key, value) in map {
                out.push_str(&format!("{comment}\n{pad}{key}:"));
                yaml(value, inner, indent + step, out);
            }
        }
        Value::Array(list) if !list.is_empty() && style & 0xc != 0xc => {
            for item in list {
                out.push_str(&format!("\n{pad}-"));
                match item {
                    Value::Object(_) | Value::Array(_) => out.push_str(&format!(" {item}")),
                    scalar => yaml(scalar, inner, indent + step, out),
                }
            }
        }
        Value::Null if style & 4 == 0 => out.push_str(comment),
        Value::String(text)
            if style & 4 == 0 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase()) && text != "yes" =>
        {
            out.push_str(&format!(" '{text}'{comment}"));
        }
        other => out.push_str(&format!(" {other}{comment}")),
    }
}

pub(crate) fn object(spec: &Value, style: u32) -> Project {
    let mut text = "apiVersion: example.com/v1\nkind: Thing\nspec:".to_owned();
    yaml(spec, style, 2, &mut text);
    text.push('\n');
    if style & 1 << 30 != 0 {
        text = text.replace('\n', "\r\n");
    }
    let parsed = Project::kubernetes(&text);
    assert_eq!(parsed.parse().1, 0, "the generated text parses: {text}");
    parsed
}

/// A path below `spec` chosen by `choices`.
fn path_in(spec: Node<'_>, choices: &[usize]) -> String {
    let mut path = "spec".to_owned();
    let mut node = spec;
    for choice in choices {
        let children: Vec<Node<'_>> = node.children().collect();
        let Some(child) = children.get(*choice) else { break };
        path.push('/');
        path.push_str(if child.key().is_empty() { choice.to_string() } else { child.key().to_owned() }.as_str());
        node = *child;
    }
    path
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_set_is_there(
        spec in proptest::collection::btree_map("[a-d]{1,2}", any_json(), 1..5),
        style in any::<u32>(),
        sets in proptest::collection::vec((proptest::collection::vec(0..4usize, 0..3), proptest::option::of("[e-g]{1,2}(/[e-g]){0,2}"), any_json()), 1..5),
    ) {
        let before = object(&json!(spec), style);
        let (document, _) = before.parse();
        let unit = [&document];
        let root = document.doc().root();
        let mut plan = Plan::default();
        let mut taken: Vec<(String, Value)> = vec![];
        for (choices, key, new) in &sets {
            let path = path_in(find(root, "spec").unwrap(), choices);
            let node = find(root, &path).unwrap();
            let key = key.as_ref().map_or(String::new(), |key| format!("/{key}"));
            if path == "spec" && key.is_empty() {
                continue;
            }
            let op = Op { kind: OpKind::Set, document: 0, node: node.index(), key: key.clone(), text: new.to_string() };
            let mut next = plan.clone();
            // What cannot be written beside the others waits, as in a run.
            if next.add(&unit, &[op]).is_ok() && render(&unit, &next).is_ok() {
                plan = next;
                taken.push((format!("{path}{key}"), new.clone()));
            }
        }
        let rendered = render(&unit, &plan).unwrap();
        let length = before.text().len() as u32;
        for pair in rendered.edits.windows(2) {
            prop_assert!(pair[0].range.unwrap().1 <= pair[1].range.unwrap().0);
        }
        for edit in &rendered.edits {
            let (start, end) = edit.range.unwrap();
            prop_assert!(start <= end && end <= length);
        }
        let after = before.with(&rendered.edits);
        let (document, problems) = after.parse();
        prop_assert_eq!(problems, 0, "{}\n=>\n{}", before.text(), after.text());
        for (path, new) in &taken {
            let node = find(document.doc().root(), path);
            prop_assert!(node.is_some(), "{path} in\n{}\n=>\n{}", before.text(), after.text());
            let found = value(node.unwrap());
            let covered = |part: &Value| found == *part || matches!((&found, part), (Value::Object(found), Value::Object(part)) if part.iter().all(|(key, value)| found.get(key) == Some(value)));
            prop_assert!(covered(new), "{path} is {found}, not {new}, in\n{}\n=>\n{}", before.text(), after.text());
        }
        let lines = |text: &str| text.matches("# why").count();
        prop_assert!(taken.iter().any(|(path, _)| find(root, path).is_some_and(|node| !node.is_empty())) || lines(before.text()) == lines(after.text()), "{}\n=>\n{}", before.text(), after.text());
    }

    #[test]
    fn whatever_is_removed_or_inserted_parses(
        spec in proptest::collection::btree_map("[a-d]{1,2}", any_json(), 1..5),
        style in any::<u32>(),
        ops in proptest::collection::vec((proptest::collection::vec(0..4usize, 1..4), 0..4usize, any_json()), 1..4),
    ) {
        let before = object(&json!(spec), style);
        let (document, _) = before.parse();
        let unit = [&document];
        let root = document.doc().root();
        let mut plan = Plan::default();
        for (choices, kind, new) in &ops {
            let path = path_in(find(root, "spec").unwrap(), choices);
            let node = find(root, &path).unwrap();
            let kind = [OpKind::Remove, OpKind::InsertBefore, OpKind::InsertAfter, OpKind::Append][*kind];
            let in_list = node.parent().is_some_and(|parent| parent.kind() == Kind::List);
            let fits = match kind {
                OpKind::InsertBefore | OpKind::InsertAfter => in_list,
                OpKind::Append => node.kind() == Kind::List,
                _ => path != "spec",
            };
            let mut next = plan.clone();
            let op = Op { kind, document: 0, node: node.index(), key: String::new(), text: new.to_string() };
            if fits && next.add(&unit, &[op]).is_ok() && render(&unit, &next).is_ok() {
                plan = next;
            }
        }
        let rendered = render(&unit, &plan).unwrap();
        let after = before.with(&rendered.edits);
        prop_assert_eq!(after.parse().1, 0, "{}\n=>\n{}\n{:?}", before.text(), after.text(), rendered.edits);
    }
}
