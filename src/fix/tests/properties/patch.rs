//! The JSON Patch of a plan, applied by a library for it, gives the object that the text edits give.

use crate::kubernetes::{any_json, object};
use crate::support::Project;
use crate::tree::{plain, said, written};
use plimsoll_document::{Document, Kind};
use plimsoll_fix::{Op, OpKind, Plan, json_patch, render};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What `object` becomes when the plan's patch is applied to it.
pub(crate) fn patched(document: &Document, plan: &Plan, object: &Value) -> Result<Value, String> {
    let patch = json_patch(&[document], plan).map_err(|dropped| dropped.to_string())?;
    let patch: json_patch::Patch = serde_json::from_value(patch).map_err(|error| error.to_string())?;
    let mut object = object.clone();
    json_patch::patch(&mut object, &patch).map_err(|error| format!("{error}: {patch:?}"))?;
    Ok(plain(&object))
}

fn op(kind: OpKind, node: u32, key: &str, text: &Value) -> Op {
    Op { kind, document: 0, node, key: key.to_owned(), text: text.to_string() }
}

fn plan_of(document: &Document, ops: &[Op]) -> Plan {
    let mut plan = Plan::default();
    plan.add(&[document], ops).unwrap();
    plan
}

fn at(document: &Document, path: &str) -> u32 {
    written(document).into_iter().find(|(at, _)| at == path).unwrap_or_else(|| panic!("{path}")).1.index()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patch_and_text_edits_agree(
        spec in proptest::collection::btree_map("[a-c]{1,2}|[a-c]?[/~][01a-c]?", any_json(), 1..5),
        style in any::<u32>(),
        ops in proptest::collection::vec((any::<prop::sample::Index>(), 0..7usize, "[e-g]|[e-g]~1[e-g]|[e-g]~0[01]|[e-g]/[h-k]", any_json()), 1..6),
    ) {
        let before = object(&json!(spec), style);
        let (document, problems) = before.parse();
        prop_assume!(problems == 0);
        let nodes: Vec<_> = written(&document).into_iter().filter(|(path, _)| path.starts_with("/spec")).collect();
        let mut plan = Plan::default();
        for (number, (node, kind, key, new)) in ops.iter().enumerate() {
            let (path, node) = node.get(&nodes);
            let in_list = node.parent().is_some_and(|parent| parent.kind() == Kind::List);
            let top = path == "/spec";
            // What is inserted twice at one place is inserted once.
            let item = json!([number, new]);
            let op = match kind {
                0 if !top => op(OpKind::Set, node.index(), "", new),
                1 => op(OpKind::Set, node.index(), &format!("/{key}"), new),
                2 if node.kind() == Kind::List => op(OpKind::Append, node.index(), "", &item),
                3 if in_list => op(OpKind::InsertBefore, node.index(), "", &item),
                4 if in_list => op(OpKind::InsertAfter, node.index(), "", &item),
                5 if !top => op(OpKind::Remove, node.index(), "", &Value::Null),
                6 if !top && !in_list => op(OpKind::Rename, node.index(), "", &json!(format!("new/{number}"))),
                _ => continue,
            };
            let mut next = plan.clone();
            if next.add(&[&document], &[op]).is_ok() && render(&[&document], &next).is_ok() {
                plan = next;
            }
        }
        let edits = render(&[&document], &plan).unwrap().edits;
        let after = before.with(&edits);
        let (new, problems) = after.parse();
        prop_assert_eq!(problems, 0, "{}\n=>\n{}", before.text(), after.text());
        let by_patch = patched(&document, &plan, &said(&document));
        prop_assert_eq!(by_patch, Ok(said(&new)), "{}\n=>\n{}\n{}", before.text(), after.text(), json_patch(&[&document], &plan).unwrap());
    }
}

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    example.com/a~b: x\nspec:\n  containers: [a, b, c]\n";

#[test]
fn keys_are_escaped_as_pointers_want_it() {
    let project = Project::kubernetes(POD);
    let (document, _) = project.parse();
    let annotations = at(&document, "/metadata/annotations");
    let ops = [
        op(OpKind::Set, annotations, "/example.com~1a~0b", &json!("y")),
        op(OpKind::Set, annotations, "/example.com~1c", &json!("z")),
        op(OpKind::Set, annotations, "/~01", &json!("not a slash")),
    ];
    let patch = json_patch(&[&document], &plan_of(&document, &ops)).unwrap();
    assert_eq!(
        patch,
        json!([
            {"op": "add", "path": "/metadata/annotations/example.com~1c", "value": "z"},
            {"op": "add", "path": "/metadata/annotations/~01", "value": "not a slash"},
            {"op": "replace", "path": "/metadata/annotations/example.com~1a~0b", "value": "y"},
        ])
    );
}

#[test]
fn places_in_a_list_stay_true_while_it_changes() {
    let project = Project::kubernetes(POD);
    let (document, _) = project.parse();
    let item = |number: usize| at(&document, &format!("/spec/containers/{number}"));
    let ops = [
        op(OpKind::InsertBefore, item(0), "", &json!("first")),
        op(OpKind::Remove, item(1), "", &Value::Null),
        op(OpKind::Set, item(2), "", &json!("third")),
        op(OpKind::InsertAfter, item(2), "", &json!("fourth")),
        op(OpKind::Append, at(&document, "/spec/containers"), "", &json!("last")),
    ];
    let plan = plan_of(&document, &ops);
    let after = patched(&document, &plan, &said(&document)).unwrap();
    assert_eq!(after["spec"]["containers"], json!(["first", "a", "third", "fourth", "last"]));
    let text = project.with(&render(&[&document], &plan).unwrap().edits);
    assert_eq!(said(&text.parse().0), after);
}

#[test]
fn what_is_asked_twice_is_written_once() {
    let (document, _) = Project::kubernetes(POD).parse();
    let root = at(&document, "");
    let containers = at(&document, "/spec/containers");
    let ops = [
        op(OpKind::Set, root, "/spec/securityContext/runAsNonRoot", &json!(true)),
        op(OpKind::Append, containers, "", &json!("new")),
        op(OpKind::Remove, at(&document, "/spec/containers/0"), "", &Value::Null),
    ];
    let once = plan_of(&document, &ops);
    let twice = plan_of(&document, &[ops.clone(), ops.clone()].concat());
    assert_eq!(json_patch(&[&document], &once), json_patch(&[&document], &twice));

    // A patch that only sets may come again, as the API server sends an object again that another webhook changed.
    let sets = plan_of(&document, &ops[..1]);
    let after = patched(&document, &sets, &said(&document)).unwrap();
    assert_eq!(patched(&document, &sets, &after), Ok(after));
}

#[test]
fn what_no_patch_can_say_is_refused() {
    let (document, _) = Project::kubernetes(POD).parse();
    let (other, _) = Project::kubernetes("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n").parse();
    let node = at(&document, "/spec/containers/0");
    let source = Op { kind: OpKind::ReplaceSource, document: 0, node, key: String::new(), text: "b".to_owned() };
    let file = Op { kind: OpKind::CreateFile, document: 0, node: 0, key: "new.yaml".to_owned(), text: "a: 1\n".to_owned() };
    for refused in [source, file] {
        assert!(json_patch(&[&document], &plan_of(&document, std::slice::from_ref(&refused))).is_err(), "{refused:?}");
    }
    // The patch goes to the one object that is admitted: what belongs to another must not be written into it.
    let mut plan = Plan::default();
    let elsewhere = Op { document: 1, ..op(OpKind::Set, at(&other, "/metadata"), "/name", &json!("t")) };
    plan.add(&[&document, &other], &[elsewhere]).unwrap();
    assert!(json_patch(&[&document, &other], &plan).is_err());
}
