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
