//! Documents from text, ops by path, and what comes out.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_document::{Document, KeyTable, Node};
use plimsoll_fix::{Op, OpKind, Plan, Rendered, TextEdit, apply, render};
use plimsoll_formats::{Entry, Files, Parsed, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by path.
#[derive(Clone, Debug)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

impl Texts {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.get(path).map(|text| text.as_bytes().into()).ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let directory = directory.trim_matches('.');
        let inside = |path: &&String| path.rsplit_once('/').map_or("", |(parent, _)| parent) == directory;
        let names = self.0.keys().filter(inside).map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
        Some(names.map(|name| Entry { name, directory: false }).collect())
    }

    fn is_file(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }
}

/// How the files of a test are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Docker,
    Kubernetes,
    Compose,
    Terraform,
}

/// A text that stands for the one file of a format, or several files.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) format: Format,
    pub(crate) texts: Texts,
}

impl Project {
    pub(crate) fn new(format: Format, files: &[(&str, &str)]) -> Self {
        Self { format, texts: Texts::new(files) }
    }

    pub(crate) fn docker(text: &str) -> Self {
        Self::new(Format::Docker, &[("Dockerfile", text)])
    }

    pub(crate) fn kubernetes(text: &str) -> Self {
        Self::new(Format::Kubernetes, &[("object.yaml", text)])
    }

    pub(crate) fn compose(text: &str) -> Self {
        Self::new(Format::Compose, &[("compose.yaml", text)])
    }

    pub(crate) fn terraform(text: &str) -> Self {
        Self::new(Format::Terraform, &[("main.tf", text)])
    }

    /// Parses it; the document and how many problems there were.
    pub(crate) fn parse(&self) -> (Document, usize) {
        let keys = KeyTable::new();
        let files = &self.texts;
        let first = |end: &str| files.0.keys().find(|path| path.ends_with(end)).unwrap().clone();
        let parsed: Parsed = match self.format {
            Format::Docker => {
                let path = first("Dockerfile");
                let text = &files.0[&path];
                let input = plimsoll_dockerfile::Input { path: &path, text, context: None, shipped: &[], args: &[], keys: &keys, files };
                plimsoll_dockerfile::parse(&input)
            }
            Format::Kubernetes => {
                let (path, text) = files.0.iter().next().unwrap();
                let mut file = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path, text, keys: &keys });
                return (file.objects.swap_remove(0), file.problems.len());
            }
            Format::Compose => plimsoll_compose::parse(&plimsoll_compose::Input { path: &first("compose.yaml"), keys: &keys, files }),
            Format::Terraform => {
                let paths: Vec<String> = files.0.keys().filter(|path| plimsoll_terraform::looks_like_name(path)).cloned().collect();
                plimsoll_terraform::parse(plimsoll_terraform::Input { directory: "", files_in_module: &paths, keys: &keys, files })
            }
        };
        (parsed.document, parsed.problems.len())
    }

    /// The files after `ops`, or why they cannot be written.
    pub(crate) fn fix(&self, ops: &[Change<'_>]) -> Result<Self, String> {
        self.rendered(ops).map(|rendered| self.with(&rendered.edits))
    }

    /// The edits of `ops`, all of one fix.
    pub(crate) fn rendered(&self, ops: &[Change<'_>]) -> Result<Rendered, String> {
        let (document, _) = self.parse();
        let ops: Vec<Op> = ops.iter().map(|change| change.op(&document)).collect();
        let mut plan = Plan::default();
        plan.add(&[&document], &ops).map_err(|conflict| conflict.to_string())?;
        render(&[&document], &plan).map_err(|dropped| dropped.to_string())
    }

    /// The files with edits applied.
    pub(crate) fn with(&self, edits: &[TextEdit]) -> Self {
        let mut after = self.clone();
        for (path, text) in &mut after.texts.0 {
            let own: Vec<&TextEdit> = edits.iter().filter(|edit| edit.path == *path).collect();
            *text = apply(text, &own);
        }
        for edit in edits.iter().filter(|edit| edit.range.is_none()) {
            after.texts.0.insert(edit.path.clone(), edit.text.clone());
        }
        after
    }

    /// The text of the only file.
    pub(crate) fn text(&self) -> &str {
        self.texts.0.values().next().unwrap()
    }
}

/// An op whose node is named by a path from the root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) kind: OpKind,
    pub(crate) node: &'a str,
    pub(crate) key: &'a str,
    pub(crate) text: &'a str,
}

impl Change<'_> {
    pub(crate) fn op(&self, document: &Document) -> Op {
        let node = find(document.doc().root(), self.node).unwrap_or_else(|| panic!("{} is not in the document", self.node));
        Op { kind: self.kind, document: 0, node: node.index(), key: self.key.to_owned(), text: self.text.to_owned() }
    }
}

/// `set` by path.
pub(crate) const fn set<'a>(node: &'a str, key: &'a str, text: &'a str) -> Change<'a> {
    Change { kind: OpKind::Set, node, key, text }
}

/// Any other op by path.
pub(crate) const fn op<'a>(kind: OpKind, node: &'a str, key: &'a str, text: &'a str) -> Change<'a> {
    Change { kind, node, key, text }
}

/// The node under a path of keys and positions.
pub(crate) fn find<'a>(root: Node<'a>, path: &str) -> Option<Node<'a>> {
    path.split('/').filter(|key| !key.is_empty()).try_fold(root, |node, key| {
        let named = node.children().find(|child| child.key() == key);
        named.or_else(|| node.children().nth(key.parse().ok()?))
    })
}

const KINDS: [(OpKind, &str); 8] = [
    (OpKind::Set, "set"),
    (OpKind::InsertBefore, "insert-before"),
    (OpKind::InsertAfter, "insert-after"),
    (OpKind::Append, "append"),
    (OpKind::Remove, "remove"),
    (OpKind::Rename, "rename"),
    (OpKind::ReplaceSource, "replace-source"),
    (OpKind::CreateFile, "create-file"),
];

/// A file as the case files show it: carriage returns and a missing last line end are visible.
pub(crate) fn block(path: &str, text: &str) -> String {
    let shown = text.replace('\r', "␍");
    let end = if shown.ends_with('\n') || shown.is_empty() { "" } else { "␃\n" };
    format!("## {path}\n{shown}{end}")
}

fn text_of_block(shown: &str) -> String {
    shown.replace('␍', "\r").replace("␃\n", "")
}

/// An op as the case files show it.
pub(crate) fn line(change: &Change<'_>) -> String {
    let kind = KINDS.iter().find(|(kind, _)| *kind == change.kind).unwrap().1;
    let text = if change.text.is_empty() { String::new() } else { format!(" = {}", change.text.replace('\n', "␊")) };
    format!("---- {kind} /{}{}{}{text}", change.node, if change.key.is_empty() { "" } else { " + " }, change.key)
}

fn change_of(line: &str) -> (OpKind, String, String, String) {
    let (kind, rest) = line.split_once(" /").unwrap();
    let (place, text) = rest.split_once(" = ").unwrap_or((rest, ""));
    let (node, key) = place.split_once(" + ").unwrap_or((place, ""));
    let kind = KINDS.iter().find(|(_, name)| *name == kind).unwrap_or_else(|| panic!("{kind}")).0;
    (kind, node.to_owned(), key.to_owned(), text.replace('␊', "\n"))
}

/// What ops come to: the files that changed, or why nothing does.
pub(crate) fn outcome(before: &Project, ops: &[Change<'_>]) -> String {
    let rendered = match before.rendered(ops) {
        Ok(rendered) => rendered,
        Err(why) => return format!("dropped: {why}\n"),
    };
    let after = before.with(&rendered.edits);
    let mut out = String::new();
    if rendered.shared {
        out.push_str("unsafe: it decides other values too\n");
    }
    for (path, text) in after.texts.0.iter().filter(|(path, text)| before.texts.0.get(*path) != Some(*text)) {
        out.push_str(&block(path, text));
    }
    // What is wrong stands in the outcome, which no case file holds.
    if after.parse().1 > before.parse().1 {
        out.push_str("broken: it no longer parses\n");
    }
    let overlap = rendered.edits.windows(2).any(|pair| pair[0].path == pair[1].path && pair[0].range.unwrap().1 > pair[1].range.unwrap().0);
    if overlap {
        out.push_str("broken: edits overlap\n");
    }
    out
}

/// Runs every case of a file; the file must be what comes out.
pub(crate) fn run(format: Format, cases: &str) {
    let mut failed = vec![];
    let mut count = 0;
    for case in cases.split("====\n").skip(1) {
        count += 1;
        let mut before = Project::new(format, &[]);
        let mut ops = vec![];
        let at = case.find("---- ").unwrap();
        for file in case[..at].split("## ").skip(1) {
            let (path, text) = file.split_once('\n').unwrap();
            before.texts.0.insert(path.to_owned(), text_of_block(text));
        }
        let mut expected = &case[at..];
        while let Some(rest) = expected.strip_prefix("---- ") {
            let (line, rest) = rest.split_once('\n').unwrap();
            ops.push(change_of(line));
            expected = rest;
        }
        let ops: Vec<Change<'_>> = ops.iter().map(|(kind, node, key, text)| Change { kind: *kind, node, key, text }).collect();
        let found = outcome(&before, &ops);
        if found != expected {
            failed.push(format!("{case}found:\n{found}"));
        }
    }
    assert!(count > 10, "the cases are read");
    assert!(failed.is_empty(), "{} of {count} cases:\n{}", failed.len(), failed.join("\n"));
}
