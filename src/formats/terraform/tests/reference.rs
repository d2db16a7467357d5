//! Files as HashiCorp's parser reads them: what parses, what stands where, what literals are worth.

#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::print_stderr,
    reason = "a failing unwrap is a failing test; figures go to the log"
)]

#[path = "../../../../tests/reference/ask.rs"]
mod ask;
#[path = "support/random.rs"]
mod random;
mod support;

use ask::ask;
use plimsoll_document::{Kind, Node};
use plimsoll_formats::ProblemKind;
use random::Random;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use support::main_tf;

fn tf_files(directory: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            tf_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            into.push(path);
        }
    }
}

/// Files of the corpus, if it is there, and our own.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().unwrap();
    let mut paths = vec![];
    for directory in [root.join("fixtures"), root.join("tests"), root.join("../shared/corpus")] {
        if !directory.is_dir() {
            eprintln!("SKIPPED: {} is not here", directory.display());
        }
        tf_files(&directory, &mut paths);
    }
    let read = |path: PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    let mut texts: Vec<_> = paths.into_iter().filter_map(read).collect();
    texts.extend(OWN.iter().map(|text| ((*text).to_owned(), (*text).to_owned())));
    texts
}

/// Corners of the grammar.
const OWN: &[&str] = &[
    "a \"b\" \"c\" {\n  d = <<-E\n    x\n      y ${1 + 1}\n    z\n  E\n  e = 1\n}\n",
    "locals {\n  a = \"x\\n\\u00e9$${y}%%{z}\"\n  b = [1, 2, 3,]\n  c = { x = 1, \"y z\" : 2 }\n}\n",
    "locals { a = 1 }\n",
    "locals {}\n",
    "locals {\r\n  a = 1\r\n  b = <<E\r\nx\r\nE\r\n}\r\n",
    "locals {\n  a = { k = 1, k = 2 }\n}\n",
    "locals {\n  a = { for k, v in { x = 1 } : k =>\n    v\n  }\n}\n",
    "locals {\n  a = true ? 1 : 2\n  b = !true || false && true\n  c = -(1 + 2) * 3 % 4\n  d = 1 == 1 != false\n}\n",
    "locals {\n  a = \"%{ if true ~}\\n x %{ else }y%{ endif ~} z\"\n}\n",
    "locals {\n  a = <<E\n%{ for x in [1, 2] ~}\n${x},\n%{ endfor ~}\nE\n}\n",
    "locals {\n  a = [for x in [1, 2, 3] : x * 2 if x > 1]\n  b = [[1, 2], [3]][0][1]\n  c = [{ x = 1 }, { x = 2 }][*].x\n}\n",
    "locals {\n  a = 1e3\n  b = 0.5\n  c = 1.50\n  d = -0\n  e = 12345678901234567890\n}\n",
    "# only a comment",
    "/* open",
    "a = \"x\ny\"\n",
    "a = 1 b = 2\n",
    "a {\n",
    "a }\n",
    "a = <<E\nx\n",
    "a = [1 2]\n",
    "a = {x 1}\n",
    "a \"b {\n}\n",
    "a = 1\na = 2\n",
    "b {\n  a = 1\n  a = 2\n}\n",
    "b { a = 1, c = 2 }\n",
    "b { c {} }\n",
    "a = x.0.y\nb = x[\"k\"].*.z\nc = x.y[*].z[0]\n",
    "a = f(x...)\nb = f(1, 2,)\nc = p::q::f()\n",
    "a = (\n  1 +\n  2\n)\n",
    "a = 1 +\n  2\n",
    "a = \"${x\n}\"\n",
    "a = \"\\x\"\n",
    "é = 1\n",
    "a-b = 1\n",
    "1a = 1\n",
    "a = <<E\nx\n  E\n",
    "a = <<-E\n\tx\n  y\n  E\n",
    "a = <<E\nE x\nE\n",
    "a = \"${\"${\"x\"}\"}\"\n",
    "a = {\n  x = 1 # c\n  y = 2 // d\n  /* e */ z = 3\n}\n",
    "a = {\n  (x) = 1\n  \"${y}\" = 2\n  z.w = 3\n}\n",
    "a = [\n  # c\n  1, # d\n]\n",
    "\u{feff}a = 1\n",
];

fn refuses(text: &str) -> bool {
    !main_tf(text).problems.iter().all(|problem| problem.kind == ProblemKind::File)
}

#[test]
fn every_file_parses_where_hashicorps_parser_accepts_it_and_stands_alike() {
    let texts = texts();
    let cases: Vec<Value> = texts.iter().map(|(_, text)| json!({ "text": text })).collect();
    let Some(answers) = ask::<_, Value>("hcl", &cases) else { return };
    let mut tally = Tally::default();
    for ((name, text), answer) in texts.iter().zip(&answers) {
        if let Some(error) = answer["error"].as_str() {
            assert!(refuses(text), "HashiCorp's parser refuses {name}: {error}");
            tally.refused += 1;
            continue;
        }
        let parsed = main_tf(text);
        assert_eq!(parsed.problems, [], "{name}");
        let doc = parsed.document.doc();
        let mut places = Places::default();
        for node in (0..doc.node_count()).filter_map(|index| doc.node(index)).filter(|node| !node.is_ref()) {
            if let Some(span) = node.key_span() {
                places.keys.entry((span.start, node.key().to_owned())).or_insert(node);
            }
            if node.kind() == Kind::Map {
                places.maps.insert(node.span().start, node);
            }
        }
        for item in answer["items"].as_array().unwrap() {
            compare(name, "", item, &places, &mut tally);
        }
    }
    eprintln!(
        "{} files, {} refused by both, {} arguments and blocks, {} literals equal, {} unknown here",
        texts.len(),
        tally.refused,
        tally.items,
        tally.literals,
        tally.unknown
    );
    assert!(tally.unknown * 200 <= tally.literals, "{} literals are unknown here", tally.unknown);
}

#[derive(Default)]
struct Tally {
    refused: usize,
    items: usize,
    literals: usize,
    unknown: usize,
}

#[derive(Default)]
struct Places<'d> {
    keys: HashMap<(u32, String), Node<'d>>,
    maps: HashMap<u32, Node<'d>>,
}

/// Blocks whose contents stand elsewhere or nowhere: what they say is evaluated, or it is the module's own shape.
fn stands(parent: &str, item: &Value) -> bool {
    let name = item["name"].as_str().unwrap();
    let known_top = [
        "terraform",
        "provider",
        "variable",
        "locals",
        "resource",
        "data",
        "ephemeral",
        "module",
        "output",
        "moved",
        "import",
        "removed",
        "check",
    ];
    let absent = item["items"].as_array().is_some_and(|items| {
        let empty = |inner: &Value| match inner["name"].as_str() {
            Some("count") => inner["value"]["known"].as_f64() == Some(0.0),
            Some("for_each") => {
                inner["value"]["known"].as_array().is_some_and(Vec::is_empty)
                    || inner["value"]["known"].as_object().is_some_and(serde_json::Map::is_empty)
            }
            _ => false,
        };
        items.iter().any(empty)
    });
    name != "dynamic" && !absent && (!parent.is_empty() || known_top.contains(&name))
}

fn compare(file: &str, parent: &str, item: &Value, places: &Places<'_>, tally: &mut Tally) {
    if !stands(parent, item) {
        return;
    }
    let (name, at) = (item["name"].as_str().unwrap(), item["at"].as_u64().unwrap() as u32);
    tally.items += 1;
    if item["block"] != true {
        let node = places.keys.get(&(at, name.to_owned()));
        // Settings that stand under another name, or count that is not written twice.
        let node = node.unwrap_or_else(|| panic!("{file}: argument {name} at {at} is missing"));
        let keyword = matches!(name, "type" | "depends_on" | "provider" | "providers" | "ignore_changes" | "experiments")
            || parent == "required_providers";
        if let Some(known) = item["value"].get("known")
            && !keyword
        {
            match equal(*node, known) {
                Some(true) => tally.literals += 1,
                Some(false) => panic!("{file}: {name} at {at} is {known}, here {}", support::show(*node)),
                None => tally.unknown += 1,
            }
        }
        return;
    }
    // Blocks that only hold others here.
    if !matches!(name, "locals" | "required_providers") {
        assert!(places.maps.contains_key(&at), "{file}: block {name} at {at} is missing");
    }
    for inner in item["items"].as_array().into_iter().flatten() {
        compare(file, name, inner, places, tally);
    }
}

/// Whether a node is worth this JSON; `None` if part of it is unknown.
fn equal(node: Node<'_>, known: &Value) -> Option<bool> {
    match node.kind() {
        Kind::Unknown => None,
        Kind::Null => Some(known.is_null()),
        Kind::Bool => Some(node.as_bool() == known.as_bool()),
        Kind::Number => Some(node.as_f64() == known.as_f64()),
        Kind::String => Some(node.as_str() == known.as_str()),
        Kind::List => {
            let Some(items) = known.as_array() else { return Some(false) };
            if items.len() != node.len() as usize {
                return Some(false);
            }
            all(node.children().zip(items).map(|(node, known)| equal(node, known)))
        }
        Kind::Map => {
            let Some(entries) = known.as_object() else { return Some(false) };
            if !node.children().all(|child| entries.contains_key(child.key())) {
                return Some(false);
            }
            all(entries.iter().map(|(key, known)| match node.get_text(key) {
                plimsoll_document::Lookup::Present(node) => equal(node, known),
                plimsoll_document::Lookup::Absent => Some(false),
                plimsoll_document::Lookup::Unknown(_) => None,
            }))
        }
        Kind::Ref => Some(false),
    }
}

fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for one in results {
        match one {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

/// What we accept and HashiCorp's parser does not, or the other way round, by cause.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Clone, Copy)]
enum Difference {
    /// The parser's limit of 64 levels or 128 operators.
    Limit,
    /// Only HashiCorp's parser accepts.
    Refused,
    /// Only we accept.
    Accepted,
}

#[test]
fn files_with_a_mistake_are_refused_alike() {
    let texts = texts();
    let mut random = Random(7);
    let mut mutated = vec![];
    for _ in 0..3000 {
        let (_, text) = random.of(&texts);
        let Some(text) = text.get(..text.floor_char_boundary(3000)) else { continue };
        let mut chars: Vec<char> = text.chars().collect();
        if chars.is_empty() {
            continue;
        }
        let at = random.below(chars.len());
        match random.below(3) {
            0 => drop(chars.remove(at)),
            1 => chars.insert(
                at,
                *random.of(&['"', '{', '}', '[', ']', '(', ')', '=', ',', '\n', '$', '%', '#', '.', '<', '\\', '?', ':', ' ', '1', 'x']),
            ),
            _ => chars.swap(at, (at + 1) % text.chars().count()),
        }
        mutated.push(chars.into_iter().collect::<String>());
    }
    let cases: Vec<Value> = mutated.iter().map(|text| json!({ "text": text })).collect();
    let Some(answers) = ask::<_, Value>("hcl", &cases) else { return };
    let mut differences: Vec<(Difference, String)> = vec![];
    for (text, answer) in mutated.iter().zip(&answers) {
        let problems = main_tf(text).problems;
        match (answer["error"].as_str(), problems.first()) {
            (None, Some(problem)) if problem.kind == ProblemKind::Limit => differences.push((Difference::Limit, problem.message.clone())),
            (None, Some(problem)) => differences.push((Difference::Refused, format!("{}: {text}", problem.message))),
            // The parser takes a line break behind the dot of a reference for white space.
            (Some(error), None) if error.contains("An attribute name is required after a dot") => {}
            (Some(error), None) => differences.push((Difference::Accepted, format!("{error}: {text:?}"))),
            _ => {}
        }
    }
    let of = |kind: Difference| differences.iter().filter(move |(found, _)| *found == kind).count();
    eprintln!(
        "{} mutated files: {} refused here only, {} accepted here only",
        mutated.len(),
        of(Difference::Refused),
        of(Difference::Accepted)
    );
    for (kind, text) in &differences {
        eprintln!("{kind:?}: {}", text.lines().next().unwrap_or_default());
    }
    assert_eq!(of(Difference::Refused), 0, "{differences:#?}");
    assert_eq!(of(Difference::Accepted), 0, "{differences:#?}");
}

#[test]
fn hcl_rs_is_a_second_opinion() {
    let mut refused = vec![];
    let texts = texts();
    for (name, text) in &texts {
        let theirs = hcl::parse(text).is_ok();
        let ours = !refuses(text);
        if theirs != ours {
            refused.push((name.clone(), theirs));
        }
    }
    // hcl-rs refuses what our second try mends (an object's key written twice, a line break in the value of an object's `for`) and a
    // byte-order mark; it accepts a line break in a quoted string, which we refuse before parsing,
    // and an argument set twice, which its own parser refuses too (its item-wise view is ours).
    let explained = |name: &str| {
        name.contains("k = 1, k = 2")
            || name.contains("k =>\n")
            || name.starts_with('\u{feff}')
            || name.contains("\"x\ny\"")
            || name == "a = 1\na = 2\n"
    };
    let unexplained: Vec<_> = refused.iter().filter(|(name, _)| !explained(name)).collect();
    eprintln!("{} files, {} read differently by hcl-rs", texts.len(), refused.len());
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}
