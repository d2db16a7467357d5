//! Fixes: any ops on any text of any format.
//!
//! The first bytes of an input choose the format and the ops, the rest is the text. Ops are such as a rule could want: a new value is
//! JSON, a Dockerfile instruction or a block of HCL that is valid by itself.

#![no_main]

use libfuzzer_sys::arbitrary::{Result as Made, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_document::{Document, Kind, Node};
use plimsoll_fix::{Op, OpKind, Plan, Rendered, TextEdit, apply, json_patch, render};
use plimsoll_fuzz::project::{Project, keys};
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes of an input that choose format and ops.
const CHOICES: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Docker,
    Kubernetes,
    Compose,
    Terraform,
}

impl Format {
    fn file(self) -> &'static str {
        match self {
            Self::Docker => "Dockerfile",
            Self::Kubernetes => "manifest.yaml",
            Self::Compose => "compose.yaml",
            Self::Terraform => "main.tf",
        }
    }

    /// The documents of the project's files and how many problems they have; `None` for a file that is no text.
    fn parse(self, project: &Project) -> Option<(Vec<Document>, usize)> {
        let text = std::str::from_utf8(&project.0[self.file()]).ok()?;
        let keys = keys();
        let parsed = match self {
            Self::Docker => plimsoll_dockerfile::parse(&plimsoll_dockerfile::Input {
                path: self.file(),
                text,
                context: None,
                shipped: &[],
                args: &[],
                keys,
                files: project,
            }),
            Self::Kubernetes => {
                let file = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path: self.file(), text, keys });
                return Some((file.objects, file.problems.len()));
            }
            Self::Compose => plimsoll_compose::parse(&plimsoll_compose::Input { path: self.file(), keys, files: project }),
            Self::Terraform => {
                let names: Vec<String> = project.0.keys().filter(|name| plimsoll_terraform::looks_like_name(name)).cloned().collect();
                plimsoll_terraform::parse(plimsoll_terraform::Input { directory: "", files_in_module: &names, keys, files: project })
            }
        };
        Some((vec![parsed.document], parsed.problems.len()))
    }
}

/// Text that is valid where a node of a Dockerfile stands.
fn text_at(u: &mut Unstructured<'_>, node: Node<'_>) -> Made<Value> {
    let list = node.parent().map_or("", |parent| parent.key());
    let texts: &[&str] = match (list, node.key()) {
        // In front of the first FROM and in its place there is nothing else.
        ("args", _) => &["ARG N=1", "ARG M"],
        (_, "from") => &["FROM b:1"],
        ("instructions", _) | (_, "instructions") => &["USER app", "HEALTHCHECK CMD true", "RUN a && b", "ENV A=b", "LABEL a=\"b c\""],
        ("commands", _) | (_, "commands") => &["apt-get clean", "rm -rf /x"],
        _ => &["app", "1.2.3", "/x/y"],
    };
    Ok(json!(*u.choose(texts)?))
}

fn value(u: &mut Unstructured<'_>, depth: u32) -> Made<Value> {
    Ok(match u.int_in_range(0..=if depth == 0 { 5 } else { 8 })? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(u.arbitrary::<i16>()?),
        3 => json!(*u.choose(&["yes", "a: b", "# c", "'", "\"", "- x", "é", "a\nb", "", " ", "{", "*a", "1e3", "${var.x}", "\\"])?),
        4 => json!(*u.choose(&["app", "512Mi", "true", "/x/y", "latest", "80:80"])?),
        5 => json!([]),
        6 => json!({}),
        7 => Value::Array(vec![value(u, depth - 1)?, value(u, depth - 1)?]),
        _ => json!({ "k": value(u, depth - 1)?, "l m": value(u, depth - 1)? }),
    })
}

fn block(u: &mut Unstructured<'_>) -> Made<Value> {
    Ok(json!({ "type": *u.choose(&["logging", "rule"])?, "labels": [], "body": { "on": value(u, 1)? } }))
}

fn op(u: &mut Unstructured<'_>, format: Format, documents: &[Document]) -> Made<Option<Op>> {
    let kinds =
        [OpKind::Set, OpKind::Append, OpKind::Remove, OpKind::InsertBefore, OpKind::InsertAfter, OpKind::Rename, OpKind::ReplaceSource];
    let kind = *u.choose(&kinds)?;
    let index = u.int_in_range(0..=documents.len() - 1)?;
    let doc = documents[index].doc();
    let node = doc.node(u32::from(u.arbitrary::<u16>()?) % doc.node_count());
    let Some(node) = node.filter(|node| !node.is_ref() && !of_facts(*node) && is_wanted(format, *node)) else { return Ok(None) };
    let key = *u.choose(&["", "", "", "/new", "/new/below", "/0", "/resources/limits/cpu", "/image", "/a~1b"])?;
    // A file is a map, and stays one.
    if kind == OpKind::Set && key.is_empty() && node.parent().is_none() {
        return Ok(None);
    }
    // The new text is such as may stand in place of the node.
    let key = if format == Format::Docker && kind != OpKind::Remove { "" } else { key };
    if node.key() == "from" && matches!(kind, OpKind::InsertBefore | OpKind::InsertAfter | OpKind::Append | OpKind::Remove) {
        return Ok(None);
    }
    let text = match (kind, format) {
        (OpKind::Remove, _) => String::new(),
        (OpKind::Rename, _) => "\"renamed\"".to_owned(),
        (OpKind::ReplaceSource, _) => node.source_text().to_owned(),
        (_, Format::Docker) => text_at(u, node)?.to_string(),
        (_, Format::Terraform) if u.ratio(1, 3)? => block(u)?.to_string(),
        _ => value(u, 2)?.to_string(),
    };
    // Compose takes it for a variable with a wrong name.
    if format == Format::Compose && text.contains("${var.") && kind != OpKind::ReplaceSource {
        return Ok(None);
    }
    Ok(Some(Op { kind, document: index as u32, node: node.index(), key: key.to_owned(), text }))
}

/// Whether a rule could want to change this. The text of an instruction as a whole, its form and its keyword are what others are read from.
fn is_wanted(format: Format, node: Node<'_>) -> bool {
    let list = node.parent().map_or("", |parent| parent.key());
    match (format, node.key()) {
        (Format::Docker, "") => matches!(list, "instructions" | "commands" | "words" | "args"),
        (Format::Compose, _) => !is_short_part(node),
        (Format::Docker, key) => {
            matches!(key, "instructions" | "commands" | "words" | "from" | "value" | "tag" | "chown" | "chmod" | "platform")
        }
        _ => true,
    }
}

/// Whether it is part of a short form (`80:80`), where only certain text is valid.
fn is_short_part(node: Node<'_>) -> bool {
    let spelled = |child: Node<'_>| child.key_span().is_some_and(|key| !key.is_empty() && child.doc().slice(key).contains(child.key()));
    node.parent().is_some_and(|map| map.kind() == Kind::Map && !map.children().any(spelled))
}

fn of_facts(node: Node<'_>) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).any(|node| node.key() == "facts")
}

/// The files after the edits; checks that those are sorted, apart and in range, and that every byte outside of them stays.
fn applied(project: &Project, rendered: &Rendered) -> Project {
    let mut after = project.clone();
    for (path, bytes) in &mut after.0 {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let edits: Vec<&TextEdit> = rendered.edits.iter().filter(|edit| edit.path == *path).collect();
        let mut end = 0;
        let mut kept = String::new();
        let mut inserted = 0;
        for edit in &edits {
            let (from, to) = edit.range.expect("nothing is created");
            assert!(end <= from && from <= to, "edits overlap or run backwards: {:?}", rendered.edits);
            kept.push_str(text.get(end as usize..from as usize).expect("an edit is a slice"));
            assert!(text.get(from as usize..to as usize).is_some(), "an edit cuts a character");
            inserted += edit.text.len();
            end = to;
        }
        kept.push_str(&text[end as usize..]);
        let new = apply(text, &edits);
        assert_eq!(new.len(), kept.len() + inserted, "untouched bytes are lost");
        *bytes = Arc::from(new.into_bytes());
    }
    after
}

fn run(u: &mut Unstructured<'_>, text: &[u8]) -> Made<Option<()>> {
    let format = *u.choose(&[Format::Docker, Format::Kubernetes, Format::Compose, Format::Terraform])?;
    let before = Project::read(format.file(), text);
    let Some((documents, problems)) = format.parse(&before) else { return Ok(None) };
    if documents.is_empty() {
        return Ok(None);
    }
    let mut ops = vec![];
    for _ in 0..u.int_in_range(1..=3)? {
        ops.extend(op(u, format, &documents)?);
    }
    let unit: Vec<&Document> = documents.iter().collect();
    let mut plan = Plan::default();
    ops.retain(|op| plan.add(&unit, std::slice::from_ref(op)).is_ok());
    // An admission request has one object.
    if unit.len() == 1 {
        let _ = json_patch(&unit, &plan);
    }
    let Ok(rendered) = render(&unit, &plan) else { return Ok(Some(())) };
    assert_eq!(render(&unit, &plan).as_ref(), Ok(&rendered), "two renderings of one plan differ");
    let after = applied(&before, &rendered);
    let shown = |project: &Project| String::from_utf8_lossy(&project.0[format.file()]).into_owned();
    let Some((again, left)) = format.parse(&after) else { panic!("what was a text is none any more") };
    if problems == 0 {
        assert!(left == 0, "{ops:?} broke\n{}\n=>\n{}", shown(&before), shown(&after));
    }
    // What is only half read may be read otherwise once a part of it is other.
    if problems == 0 {
        second(format, &ops, &documents, &again, &after);
    }
    Ok(Some(()))
}

/// What was set is set: asking for it again changes nothing.
fn second(format: Format, ops: &[Op], first: &[Document], again: &[Document], after: &Project) {
    let [op] = ops else { return };
    // Only a leaf that was there has the same place after the change.
    let node = first[op.document as usize].doc().node(op.node);
    let scalar = node.is_some_and(|node| matches!(node.kind(), Kind::Bool | Kind::Number | Kind::String));
    let new = serde_json::from_str(&op.text).unwrap_or(Value::Null);
    let plain = matches!(&new, Value::String(text) if !text.contains(['$', '%'])) || new.is_boolean() || new.is_number();
    if op.kind != OpKind::Set || !op.key.is_empty() || !scalar || !plain || first.len() != again.len() || format == Format::Docker {
        return;
    }
    let unit: Vec<&Document> = again.iter().collect();
    if unit[op.document as usize].doc().node_count() != first[op.document as usize].doc().node_count() {
        return;
    }
    let mut plan = Plan::default();
    let Ok(()) = plan.add(&unit, ops) else { return };
    let Ok(rendered) = render(&unit, &plan) else { return };
    let twice = applied(after, &rendered);
    assert_eq!(
        String::from_utf8_lossy(&after.0[format.file()]),
        String::from_utf8_lossy(&twice.0[format.file()]),
        "the same fix changed the file a second time"
    );
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((choices, text)) = data.split_at_checked(CHOICES) else { return Corpus::Reject };
    match run(&mut Unstructured::new(choices), text) {
        Ok(Some(())) => Corpus::Keep,
        _ => Corpus::Reject,
    }
});
