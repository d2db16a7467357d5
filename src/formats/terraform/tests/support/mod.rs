//! A project in memory, and paths into a document.

#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses a part; a failing unwrap is a failing test")]

use plimsoll_document::{Document, KeyTable, Lookup, Node};
use plimsoll_formats::{Entry, Files, Parsed, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files of a project in memory.
pub(crate) struct Project(pub(crate) BTreeMap<String, Vec<u8>>);

impl Files for Project {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.get(path).map(|bytes| Arc::from(bytes.as_slice())).ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let prefix = if matches!(directory, "" | ".") { String::new() } else { format!("{directory}/") };
        let names = self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).filter(|name| !name.contains('/'));
        Some(names.map(|name| Entry { name: name.to_owned(), directory: false }).collect())
    }
}

/// Parses the files of one module at the project's root.
pub(crate) fn module(files: &[(&str, &str)]) -> Parsed {
    let project = Project(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect());
    let paths: Vec<String> = project.0.keys().filter(|path| plimsoll_terraform::looks_like_name(path)).cloned().collect();
    let keys = KeyTable::new();
    plimsoll_terraform::parse(plimsoll_terraform::Input { directory: "", files_in_module: &paths, keys: &keys, files: &project })
}

/// Parses one `main.tf`.
pub(crate) fn main_tf(text: &str) -> Parsed {
    module(&[("main.tf", text)])
}

/// The node at `/`-separated keys and indexes.
pub(crate) fn at<'d>(document: &'d Document, path: &str) -> Option<Node<'d>> {
    let mut node = document.doc().root();
    for step in path.split('/').filter(|step| !step.is_empty()) {
        node = match step.parse::<usize>() {
            Ok(index) => node.children().nth(index)?,
            Err(_) => match node.get_text(step) {
                Lookup::Present(found) => found,
                _ => return None,
            },
        };
    }
    Some(node)
}

/// A node as compact text: JSON for what is known, `?cause` for unknown, `*` behind open containers, `~` before what may exist.
pub(crate) fn show(node: Node<'_>) -> String {
    use plimsoll_document::{Flags, Kind};
    let text = match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => node.as_bool().unwrap().to_string(),
        Kind::Number => node.as_f64().unwrap().to_string(),
        Kind::String => format!("{:?}", node.as_str().unwrap()),
        Kind::Unknown => format!("?{}", node.cause().unwrap()),
        Kind::List => format!("[{}]", node.children().map(show).collect::<Vec<_>>().join(", ")),
        Kind::Map => {
            let entries: Vec<String> = node.children().map(|child| format!("{}: {}", child.key(), show(child))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Kind::Ref => "ref".to_owned(),
    };
    let before = if node.flags().has(Flags::MAY_EXIST) { "~" } else { "" };
    let after = if node.flags().has(Flags::OPEN) { "*" } else { "" };
    format!("{before}{text}{after}")
}

/// Every written node: its key's span re-reads as the key, its site as its value unless the value came from elsewhere.
pub(crate) fn check_spans(parsed: &Parsed) {
    use plimsoll_document::Kind;
    let doc = parsed.document.doc();
    for index in 0..doc.node_count() {
        let node = doc.node(index).unwrap();
        if node.is_ref() {
            continue;
        }
        if let Some(span) = node.key_span() {
            let written = doc.slice(span).trim_matches('"');
            let decoded = written == node.key() || written.contains(['\\', '$', '(', '.']) || doc.source_text(span.source).is_empty();
            assert!(decoded, "key {:?} is written {written:?}", node.key());
        }
        let Some(text) = node.as_str() else { continue };
        // Facts and computed values are not their site's text.
        let written = node.source_text();
        let fact = node.key_span().is_none() && node.parent().is_some_and(|parent| parent.kind() == Kind::Map);
        if fact || node.origin().next().is_some() || written.is_empty() {
            continue;
        }
        if let Some(inner) = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
            && !inner.contains(['\\', '$', '%', '"'])
        {
            assert_eq!(inner, text, "at {:?}", node.span());
        }
    }
    for node in (0..doc.node_count()).filter_map(|index| doc.node(index)) {
        let written = node.source_text();
        if node.kind() == Kind::Unknown || node.is_ref() || written.is_empty() {
            continue;
        }
        assert_eq!(written.trim(), written, "white space around {node:?}");
        if node.parent().is_some_and(|parent| parent.kind() == Kind::Map && node.key_span().is_some()) && node.origin().next().is_none() {
            match node.kind() {
                Kind::Bool => assert!(written.len() > 5 || written == node.as_bool().unwrap().to_string(), "{node:?} is {written:?}"),
                Kind::Number if written.bytes().all(|byte| byte.is_ascii_digit()) => {
                    assert_eq!(written.parse::<f64>().ok(), node.as_f64(), "{written:?}");
                }
                _ => {}
            }
        }
    }
    for comment in &parsed.comments {
        let text = doc.slice(comment.at);
        if !doc.source_text(comment.at.source).is_empty() {
            assert!(text.starts_with('#') || text.starts_with("//") || text.starts_with("/*"), "comment {text:?}");
        }
        assert!(comment.covers.is_none_or(|covers| covers.source == comment.at.source && !covers.is_empty()));
    }
}
