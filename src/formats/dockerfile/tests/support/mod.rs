//! What the tests of this crate share: parsing, reading trees, the reference program, the corpus.

#![allow(dead_code, reason = "every test file uses a part")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

pub(crate) mod generate;
pub(crate) mod probes;
use plimsoll_dockerfile::Input;
use plimsoll_document::{KeyTable, Kind, Node};
use plimsoll_formats::{NoFiles, Parsed};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) fn parse(text: &str) -> Parsed {
    let keys = KeyTable::new();
    plimsoll_dockerfile::parse(&Input { path: "Dockerfile", text, context: None, shipped: &[], args: &[], keys: &keys, files: &NoFiles })
}

/// The node under a path of keys.
pub(crate) fn at<'a>(node: Node<'a>, path: &[&str]) -> Option<Node<'a>> {
    path.iter().try_fold(node, |node, key| node.children().find(|child| child.key() == *key))
}

pub(crate) fn text<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    at(node, &[key]).and_then(Node::as_str)
}

/// Every instruction, in the order written; triggers of ONBUILD are part of theirs.
pub(crate) fn instructions(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found: Vec<Node<'_>> = at(root, &["args"]).into_iter().flat_map(Node::children).collect();
    for stage in at(root, &["stages"]).into_iter().flat_map(Node::children) {
        found.extend(at(stage, &["from"]));
        found.extend(at(stage, &["instructions"]).into_iter().flat_map(Node::children));
    }
    found.sort_by_key(|node| node.span().start);
    found
}

/// An instruction as both sides show it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) keyword: String,
    pub(crate) start: usize,
    /// `None` where a continuation ends in nothing: BuildKit counts the blank lines and comments behind it, we end with the last word.
    pub(crate) end: Option<usize>,
    pub(crate) flags: Vec<String>,
    pub(crate) exec: bool,
    pub(crate) heredocs: Vec<(String, bool, String)>,
}

impl Shown {
    /// What the reference printed.
    pub(crate) fn of(source: &str, printed: &Value) -> Self {
        let line = |key: &str| printed[key].as_u64().unwrap() as usize;
        let heredocs = printed["heredocs"].as_array().unwrap();
        let shown = |doc: &Value| {
            (doc["name"].as_str().unwrap().to_owned(), doc["expand"].as_bool().unwrap(), doc["content"].as_str().unwrap().to_owned())
        };
        let mut flags: Vec<String> = printed["flags"].as_array().unwrap().iter().map(|flag| flag_name(flag.as_str().unwrap())).collect();
        flags.sort();
        let (start, end) = (line("start"), line("end"));
        // BuildKit reads, and never looks at, what these carry; the document has known flags only.
        let known = ["interval", "timeout", "start-period", "start-interval", "retries"];
        match printed["keyword"].as_str().unwrap() {
            "STOPSIGNAL" | "ARG" => flags.clear(),
            "HEALTHCHECK" => flags.retain(|flag| known.contains(&flag.as_str())),
            _ => {}
        }
        Self {
            keyword: printed["keyword"].as_str().unwrap().to_owned(),
            start,
            end: (!dangling(source, start, end)).then_some(end),
            flags,
            exec: printed["json"].as_bool().unwrap(),
            heredocs: heredocs.iter().map(shown).collect(),
        }
    }
}

fn flag_name(flag: &str) -> String {
    flag.trim_start_matches("--").split('=').next().unwrap_or_default().to_owned()
}

/// Whether lines `start..=end` (from 1) end with a blank line, a comment or a continuation, that is with nothing of the instruction.
fn dangling(source: &str, start: usize, end: usize) -> bool {
    let last = source.split('\n').nth(end - 1).unwrap_or_default().trim();
    end > start && (last.is_empty() || last.starts_with('#')) || last == "\\" || last == "`"
}

/// What we made of a text.
pub(crate) fn dump(source: &str, parsed: &Parsed) -> Vec<Shown> {
    let line = |offset: u32| source[..offset as usize].matches('\n').count() + 1;
    instructions(parsed.document.doc().root())
        .into_iter()
        .map(|node| {
            let keyword = text(node, "keyword").unwrap().to_owned();
            let inner = at(node, &["trigger"]).filter(|trigger| trigger.kind() == Kind::Map);
            let holder = inner.unwrap_or(node);
            // Of a trigger BuildKit keeps flags and form at the trigger, which the reference does not print.
            let mut flags: Vec<String> = at(node, &["flags"])
                .into_iter()
                .flat_map(Node::children)
                .flat_map(|flag| {
                    let times = if flag.kind() == Kind::List { flag.len() as usize } else { 1 };
                    vec![flag.key().to_owned(); times]
                })
                .collect();
            flags.sort();
            let heredocs = at(holder, &["heredocs"]).into_iter().flat_map(Node::children);
            let shown = |doc: Node<'_>| {
                (
                    text(doc, "name").unwrap().to_owned(),
                    at(doc, &["expand"]).and_then(Node::as_bool).unwrap(),
                    text(doc, "content").unwrap().to_owned(),
                )
            };
            let span = node.span();
            let start = line(span.start);
            let end = line(span.end);
            Shown {
                start,
                end: (!ends_open(source, span.end)).then_some(end),
                flags,
                exec: text(node, "form") == Some("exec"),
                heredocs: heredocs.map(shown).collect(),
                keyword,
            }
        })
        .collect()
}

/// Whether a continuation stands behind the last word.
fn ends_open(source: &str, end: u32) -> bool {
    let rest = &source[end as usize..];
    let line = rest.split('\n').next().unwrap_or_default().trim();
    line == "\\" || line == "`"
}

/// The folder that `path` names from the root of the repository.
pub(crate) fn from_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(path)
}

/// The Dockerfiles of the corpus, if it is there.
pub(crate) fn corpus() -> Option<Vec<String>> {
    let root = from_root("../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", root.display());
        return None;
    }
    let mut left = vec![root];
    let mut texts = vec![];
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            let path = entry.path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                left.push(path);
            } else if plimsoll_dockerfile::looks_like(&entry.file_name().to_string_lossy())
                && let Ok(text) = std::fs::read_to_string(path)
            {
                texts.push(text);
            }
        }
    }
    texts.sort();
    Some(texts)
}
