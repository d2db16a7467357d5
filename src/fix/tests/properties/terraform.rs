//! Terraform in native and in JSON syntax, with nested blocks.

use crate::dice::{Dice, choices};
use crate::patch::patched;
use crate::support::{Format, Project};
use crate::tree::{line_ends, said, sound};
use plimsoll_document::{Document, Kind, Node};
use plimsoll_fix::{Op, OpKind, Plan, render};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn scalar(dice: &mut Dice) -> Value {
    match dice.pick(5) {
        0 => json!("text"),
        1 => json!("a # b // \"c\" { d"),
        2 => json!(true),
        3 => json!(8080),
        _ => json!("é\n"),
    }
}

/// A body: scalars, a list, an object, nested blocks under `block1` and so on.
fn body(dice: &mut Dice, depth: usize) -> Map<String, Value> {
    let mut out = Map::new();
    for name in ["alpha", "b", "gamma_ray"] {
        if dice.maybe() {
            out.insert(name.to_owned(), scalar(dice));
        }
    }
    if dice.maybe() {
        out.insert("items".to_owned(), (0..dice.pick(4)).map(|at| json!(format!("item{at}"))).collect());
    }
    if dice.maybe() {
        out.insert("tags".to_owned(), (0..dice.pick(3)).map(|at| (format!("k{at}"), scalar(dice))).collect::<Map<_, _>>().into());
    }
    if depth > 0 {
        for number in 0..dice.pick(3) {
            let blocks: Vec<Value> = (0..=dice.pick(2)).map(|_| body(dice, depth - 1).into()).collect();
            out.insert(format!("block{number}"), blocks.into());
        }
    }
    out
}

/// A value as an expression, on one line or several.
fn expression(value: &Value, indent: &str, dice: &mut Dice) -> String {
    match value {
        Value::Array(items) if !items.is_empty() && dice.maybe() => {
            let lines: String = items.iter().map(|item| format!("{indent}  {item}, # an item\n")).collect();
            format!("[\n{lines}{indent}]")
        }
        Value::Object(entries) if !entries.is_empty() && dice.maybe() => {
            let lines: String = entries.iter().map(|(key, value)| format!("{indent}  {key} = {value}\n")).collect();
            format!("{{\n{lines}{indent}}}")
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("\"{key}\" = {value}")).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

fn native(body: &Map<String, Value>, indent: &str, dice: &mut Dice, out: &mut String) {
    for (key, value) in body {
        if let (true, Value::Array(blocks)) = (key.starts_with("block"), value) {
            for block in blocks.iter().filter_map(Value::as_object) {
                let place = out.len();
                out.push_str(&format!("\n{indent}// {key} at {place}\n{indent}{key} {{"));
                let single = block.iter().next().filter(|(_, value)| block.len() == 1 && !value.is_array() && !value.is_object());
                match single {
                    Some((key, value)) if dice.maybe() => out.push_str(&format!(" {key} = {value} }}\n")),
                    _ if block.is_empty() => out.push_str("}\n"),
                    _ => {
                        out.push('\n');
                        native(block, &format!("{indent}  "), dice, out);
                        out.push_str(&format!("{indent}}}\n"));
                    }
                }
            }
        } else {
            let comment = dice.one(&["", "", " # why", " /* why */"]);
            out.push_str(&format!("{indent}{key} = {}{comment}\n", expression(value, indent, dice)));
        }
    }
}

fn file(dice: &mut Dice, json: bool) -> String {
    let bodies: Vec<Map<String, Value>> = (0..=dice.pick(2)).map(|_| body(dice, 2)).collect();
    if json {
        let named: Map<String, Value> = bodies.into_iter().enumerate().map(|(at, body)| (format!("r{at}"), body.into())).collect();
        let all = json!({"resource": {"x_y": named}});
        return if dice.maybe() { all.to_string() } else { format!("{all:#}\n") };
    }
    let mut out = "# A module.\n".to_owned();
    for (at, body) in bodies.iter().enumerate() {
        out.push_str(&format!("resource \"x_y\" \"r{at}\" {{\n"));
        native(body, "  ", dice, &mut out);
        out.push_str("}\n\n");
    }
    out
}

/// Everything inside the bodies of the resources.
fn inside(document: &Document) -> Vec<Node<'_>> {
    let resources = document.doc().root().get_text("resources").known();
    let mut open: Vec<Node<'_>> =
        resources.into_iter().flat_map(Node::children).filter_map(|resource| resource.get_text("body").known()).collect();
    let mut found = vec![];
    while let Some(node) = open.pop() {
        open.extend(node.children());
        found.push(node);
    }
    found.sort_by_key(|node| node.index());
    found
}

/// An op, and the same as it is to show in the tree: a block there is its body.
fn ask(document: &Document, dice: &mut Dice) -> Option<(Op, Op)> {
    let nodes = inside(document);
    let node = *nodes.get(dice.pick(nodes.len().max(1)))?;
    let op = |kind, key: &str, text: &Value| Op { kind, document: 0, node: node.index(), key: key.to_owned(), text: text.to_string() };
    let new = scalar(dice);
    let same = |op: Op| Some((op.clone(), op));
    let blocks = node.key().starts_with("block");
    match dice.pick(7) {
        0 if !matches!(node.kind(), Kind::List | Kind::Map) => same(op(OpKind::Set, "", &new)),
        1 if node.kind() == Kind::Map => same(op(OpKind::Set, "/added", &new)),
        2 if node.kind() == Kind::List && !blocks => same(op(OpKind::Append, "", &new)),
        3 if node.key() != "body" && !blocks => same(op(OpKind::Remove, "", &Value::Null)),
        4 if node.kind() == Kind::Map && (node.key() == "body" || node.parent().is_some_and(|list| list.key().starts_with("block"))) => {
            let block = json!({"type": "fresh", "labels": [], "body": {"on": new}});
            Some((op(OpKind::Append, "/fresh", &block), op(OpKind::Append, "/fresh", &block["body"])))
        }
        5 if node.kind() == Kind::Map && node.key() == "body" => same(op(OpKind::Set, "/object/deep", &new)),
        6 if node.kind() == Kind::String && node.parent().is_some_and(|list| list.key() == "items") => {
            same(op(OpKind::InsertBefore, "", &new))
        }
        _ => None,
    }
}

/// A tree as a text can say it: where no block is left there is no list of them.
fn without_empty_lists_of_blocks(tree: Value) -> Value {
    match tree {
        Value::Array(items) => items.into_iter().map(without_empty_lists_of_blocks).collect(),
        Value::Object(entries) => {
            let left = entries.into_iter().filter(|(key, value)| !(key.starts_with("block") && *value == json!([])));
            left.map(|(key, value)| (key, without_empty_lists_of_blocks(value))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn modules_say_what_was_asked_and_keep_the_rest(choices in choices()) {
        let mut dice = Dice::new(choices);
        let (json, windows) = (dice.maybe(), dice.maybe());
        let mut text = file(&mut dice, json);
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let before = Project::new(Format::Terraform, &[(if json { "main.tf.json" } else { "main.tf" }, &text)]);
        let (document, problems) = before.parse();
        prop_assert_eq!(problems, 0, "{}", text);
        let (mut plan, mut model, mut asked) = (Plan::default(), Plan::default(), vec![]);
        for _ in 0..=dice.pick(4) {
            let Some((op, shown)) = ask(&document, &mut dice) else { continue };
            let mut next = plan.clone();
            if next.add(&[&document], std::slice::from_ref(&op)).is_ok() && render(&[&document], &next).is_ok() {
                plan = next;
                asked.push(op);
                model.add(&[&document], &[shown]).unwrap();
            }
        }
        let rendered = render(&[&document], &plan).unwrap();
        prop_assert_eq!(sound(&before, &rendered), Ok(()), "{}", text);
        let after = before.with(&rendered.edits);
        let (new, problems) = after.parse();
        let shown = format!("{text}\n=>\n{}\n{plan:?}", after.text());
        prop_assert_eq!(problems, 0, "{}", shown);
        let expected = patched(&document, &model, &said(&document)).map(without_empty_lists_of_blocks);
        prop_assert_eq!(expected, Ok(without_empty_lists_of_blocks(said(&new))), "{}", shown);
        // Comments at the end of a line go with it, and those inside what is gone; the others stay.
        let gone: Vec<&str> = asked.iter().filter(|op| op.kind == OpKind::Remove).filter_map(|op| Some(document.doc().node(op.node)?.source_text())).collect();
        for comment in text.lines().map(str::trim).filter(|line| line.starts_with("//") || line.starts_with("# A module")) {
            let kept = after.text().lines().any(|line| line.trim() == comment);
            prop_assert!(kept || gone.iter().any(|gone| gone.contains(comment)), "{}: {}", comment, shown);
        }
        let (both, single) = line_ends(after.text());
        prop_assert!(if windows { single == 0 } else { both == 0 }, "line ends: {}", shown);
    }
}
