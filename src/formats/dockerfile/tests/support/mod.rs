//! What the tests of this crate share: parsing, reading trees, the reference program, the corpus.

#![allow(dead_code, reason = "every test file uses a part")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

pub(crate) mod generate;
pub(crate) mod probes;

use plimsoll_dockerfile::Input;
use plimsoll_document::{KeyTable, Kind, Node};
use plimsoll_formats::{NoFiles, Parsed};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

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

/// Answers of the reference program, in order; `None` where Go is missing.
pub(crate) fn reference(subcommand: &str, cases: &[Value]) -> Option<Vec<Value>> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = BUILT.get_or_init(build).as_ref()?;
    let mut child = Command::new(program).arg(subcommand).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = cases.iter().fold(String::new(), |input, case| input + &case.to_string() + "\n");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the reference failed");
    let answers: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>().map(Result::unwrap).collect();
    assert_eq!(answers.len(), cases.len());
    Some(answers)
}

fn build() -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reference");
    let built = Command::new("go").args(["build", "-o"]).arg(&target).arg(".").current_dir(from_root("tests/reference")).status();
    match built {
        Ok(status) if status.success() => Some(target),
        Ok(status) => panic!("go build of tests/reference: {status}"),
        Err(cause) => {
            assert!(std::env::var_os("CI").is_none(), "go is needed where CI is set: {cause}");
            eprintln!("SKIPPED: go cannot be run ({cause}), so that nothing was compared with the reference");
            None
        }
    }
}
