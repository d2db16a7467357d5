//! Values as Kubernetes' and Compose's own readers see them (`tests/reference`, in Go), and as `serde_yaml` does, over the corpus and
//! over generated texts.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_collect,
    reason = "a test fails by panicking, and says what it skipped or counted"
)]

#[path = "../../../../tests/reference/ask.rs"]
mod ask;

use ask::ask;
use plimsoll_document::{Builder, KeyTable, Kind, Node};
use plimsoll_yaml::{ProblemKind, Reading, Stream, Writer, parse};
use proptest::strategy::{Strategy, ValueTree};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Our values of every document; `None` if a value cannot be told.
fn values(stream: &Stream<'_>, text: &str, reading: Reading) -> Option<Vec<Value>> {
    let keys = KeyTable::new();
    stream
        .documents
        .iter()
        .map(|tree| {
            let mut builder = Builder::new("kubernetes", &keys);
            builder.source("a.yaml", text);
            let mut writer = Writer::new(tree, text, 0, &mut builder, reading);
            writer.root(tree.root());
            value(builder.finish().doc().root())
        })
        .filter(|value| *value != Some(Value::Null))
        .collect()
}

fn value(node: Node<'_>) -> Option<Value> {
    Some(match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => json!(node.as_bool()?),
        Kind::Number => json!(node.as_f64()?),
        Kind::String => json!(node.as_str()?),
        Kind::List => node.children().map(value).collect::<Option<Vec<_>>>()?.into(),
        // Of equal keys the last counts.
        Kind::Map => node.children().map(|child| Some((child.key().to_owned(), value(child)?))).collect::<Option<Map<_, _>>>()?.into(),
        Kind::Ref | Kind::Unknown => return None,
    })
}

/// Numbers as doubles, which is what documents hold.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normal(value))).collect::<Map<_, _>>().into(),
        other => other.clone(),
    }
}

fn first_difference(ours: &Value, theirs: &Value, at: &str) -> Option<String> {
    match (ours, theirs) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(index, (a, b))| first_difference(a, b, &format!("{at}[{index}]")))
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, a)| match b.get(key) {
            Some(b) => first_difference(a, b, &format!("{at}.{key}")),
            None => Some(format!("{at}.{key} is ours only")),
        }),
        // The one class: what go-yaml takes for a date becomes a point in time in Go's `any`, where Compose has no use for one.
        (Value::String(a), Value::String(b)) if b.strip_suffix("T00:00:00Z") == Some(a) => None,
        _ if ours == theirs => None,
        _ => {
            let cut = |value: &Value| value.to_string().chars().take(200).collect::<String>();
            Some(format!("{at}: ours {}, theirs {}", cut(ours), cut(theirs)))
        }
    }
}

#[derive(Default, Debug)]
struct Tally {
    texts: usize,
    templates: usize,
    /// Templates that the reference reads, as something else than their author means.
    readable_templates: Vec<String>,
    accepted: usize,
    refused_by_both: usize,
    /// We read what the reference refuses.
    lenient: Vec<String>,
    /// Must stay empty.
    wrong: Vec<String>,
}

impl Tally {
    fn compare(&mut self, name: &str, text: &str, theirs: &Value, reading: Reading, duplicates_allowed: bool) {
        self.texts += 1;
        let stream = parse(text);
        if stream.problems.first().is_some_and(|problem| problem.kind == ProblemKind::Template) {
            self.templates += 1;
            if theirs.get("documents").is_some() {
                self.readable_templates.push(name.to_owned());
            }
            return;
        }
        let refused = stream.problems.iter().find(|problem| duplicates_allowed.then_some(ProblemKind::DuplicateKey) != Some(problem.kind));
        let theirs = match (theirs.get("documents"), refused) {
            (None, Some(_)) => return self.refused_by_both += 1,
            (None, None) => return self.lenient.push(format!("{name}: {theirs}")),
            (Some(_), Some(problem)) => return self.wrong.push(format!("{name}: refused: {problem:?}")),
            (Some(documents), None) => normal(documents),
        };
        let Some(ours) = values(&stream, text, reading) else { return self.wrong.push(format!("{name}: a value cannot be told")) };
        let theirs: Value = theirs.as_array().unwrap().iter().filter(|document| !document.is_null()).cloned().collect();
        match first_difference(&Value::Array(ours), &theirs, "") {
            Some(difference) => self.wrong.push(format!("{name}: {difference}")),
            None => self.accepted += 1,
        }
    }

    fn report(&self, title: &str) {
        let Self { texts, templates, readable_templates, accepted, refused_by_both, lenient, wrong } = self;
        eprintln!(
            "{title}: {texts} texts, {templates} templates ({} that happen to be YAML), {accepted} equal, {refused_by_both} refused by both, {} read by us alone, {} wrong",
            readable_templates.len(),
            lenient.len(),
            wrong.len()
        );
        for name in readable_templates {
            eprintln!("  template that happens to be YAML: {name}");
        }
        for line in lenient.iter().take(10) {
            eprintln!("  read by us alone: {line}");
        }
        assert!(wrong.is_empty(), "{title}: {:#?}", &wrong[..wrong.len().min(20)]);
    }
}

fn compare_all(title: &str, texts: &[(String, String)]) -> Option<Tally> {
    let cases: Vec<Value> = texts.iter().map(|(_, text)| json!({ "text": text })).collect();
    let answers: Vec<Value> = ask("yaml", &cases)?;
    let (mut kubernetes, mut compose) = (Tally::default(), Tally::default());
    for ((name, text), answer) in texts.iter().zip(&answers) {
        kubernetes.compare(name, text, &answer["kubernetes"], Reading::KUBERNETES, true);
        compose.compare(name, text, &answer["compose"], Reading::COMPOSE, false);
    }
    kubernetes.report(&format!("{title}, as Kubernetes"));
    compose.report(&format!("{title}, as Compose"));
    Some(kubernetes)
}

fn corpus() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", root.display());
    }
    let (mut texts, mut folders) = (vec![], vec![root]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
                texts.extend(std::fs::read_to_string(&path).ok().map(|text| (path.display().to_string(), text)));
            }
        }
    }
    texts
}

#[test]
fn corpus_reads_as_go_reads_it() {
    let texts = corpus();
    if let Some(tally) = compare_all("corpus", &texts)
        && !texts.is_empty()
    {
        assert!(tally.accepted > 1_000);
    }
}

/// Scalars that readers disagree on, and the shapes around them.
fn scalar() -> impl Strategy<Value = String> {
    use proptest::prelude::*;
    let words = [
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "true",
        "False",
        "TRUE",
        "~",
        "null",
        "Null",
        "nULL",
        ".inf",
        "-.Inf",
        ".nan",
        "0777",
        "0o17",
        "0O17",
        "0789",
        "0x1F",
        "0xg",
        "0b101",
        "-0b11",
        "+12",
        "-0",
        "1_000",
        "0x_ff",
        "1.",
        ".5",
        "5e3",
        "1e999",
        "1.2.3",
        "12:30:45",
        "2001-12-14",
        "2001-12-14T21:59:43Z",
        "9223372036854775808",
        "18446744073709551616",
        "-9223372036854775809",
        "+9223372036854775808",
        "1e",
        "0",
        "00",
        "-",
        "--",
        "+",
        "-.",
        "._5",
        ".",
        "0.0",
        "1E+3",
        "_1",
        "1_",
        "!!str 1",
        "!!int \"7\"",
        "!!float 3",
        "!!bool yes",
        "!local 5",
        "\"yes\"",
        "'1'",
        "a b",
        "a:b",
        "http://x",
        "-x",
        "a#b",
        "\"\\x41\\u00e9\\n\"",
        "'it''s'",
        "<<",
    ];
    // Those that go-yaml refuses to convert or JSON cannot hold are other tests' matter.
    let fit: Vec<&str> =
        words.into_iter().filter(|word| !word.contains("inf") && !word.contains("Inf") && !word.contains("nan") && *word != "-").collect();
    prop_oneof![4 => proptest::sample::select(fit).prop_map(str::to_owned), 1 => "[a-z0-9+._-]{1,6}", 1 => "[0-9_xob.e+-]{1,7}"]
}

fn text() -> impl Strategy<Value = String> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        scalar().prop_map(|scalar| format!(" {scalar}\n")),
        "[a-z ]{0,6}(\n[a-z ]{0,6}){0,3}"
            .prop_map(|lines| format!(" |\n{}", indent(&lines.lines().map(|line| format!("x{line}\n")).collect::<String>()))),
        "[a-z]{1,6}(\n{1,2}[a-z]{1,6}){0,3}".prop_map(|lines| format!(" >-\n{}", indent(&lines))),
        proptest::collection::vec(scalar(), 0..3)
            .prop_map(|items| format!(" [{}]\n", items.iter().map(|item| quote(item)).collect::<Vec<_>>().join(", "))),
    ];
    let block = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::btree_map("[a-z]{2,5}", inner.clone(), 1..4).prop_map(|entries| format!(
                "\n{}",
                indent(&entries.iter().map(|(key, value)| format!("k{key}:{value}")).collect::<String>())
            )),
            proptest::collection::vec(inner, 1..4)
                .prop_map(|items| format!("\n{}", indent(&items.iter().map(|item| format!("-{item}")).collect::<String>()))),
        ]
    });
    block.prop_map(|value| {
        let anchored = if value.starts_with('\n') && !value.trim_start().starts_with('-') {
            format!("base: &base{value}merged:\n  <<: *base\n  own: 1\ncopy: *base\n")
        } else {
            format!("base: &base{value}copy: [*base]\n")
        };
        format!("{anchored}end: 1\n")
    })
}

/// Fit for a flow sequence.
fn quote(scalar: &str) -> String {
    if scalar.contains([',', ' ', ':', '#', '[']) || scalar.starts_with(['-', '.']) { "plain".to_owned() } else { scalar.to_owned() }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

#[test]
fn generated_texts_read_as_go_reads_them() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<_> = (0..1000).map(|_| text().new_tree(&mut runner).unwrap().current()).map(|text| (text.clone(), text)).collect();
    compare_all("generated", &texts);
}

/// `serde_yaml` reads YAML 1.2's core schema, so only what both call text is compared, and the shape.
#[test]
fn serde_yaml_sees_the_same_shape() {
    let mut refused = vec![];
    let (mut equal, mut wrong) = (0, vec![]);
    for (name, text) in corpus() {
        let stream = parse(&text);
        if stream.problems.iter().any(|problem| problem.kind != ProblemKind::DuplicateKey) {
            continue;
        }
        let theirs: Result<Vec<serde_yaml::Value>, _> =
            serde_yaml::Deserializer::from_str(&text).map(serde::Deserialize::deserialize).collect();
        match theirs {
            Ok(theirs) => {
                let theirs: Vec<_> = theirs.into_iter().filter(|document| !document.is_null()).collect();
                let trees: Vec<_> = stream.documents.iter().collect();
                let same = trees.len() == theirs.len() && trees.iter().zip(&theirs).all(|(tree, theirs)| shape(tree, tree.root(), theirs));
                if same { equal += 1 } else { wrong.push(name) }
            }
            Err(error) => refused.push(format!("{name}: {error}")),
        }
    }
    eprintln!("serde_yaml: {equal} equal, {} refused by it alone: {refused:#?}", refused.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The one class: equal keys, which it refuses and we report apart.
    assert!(refused.iter().all(|line| line.contains("duplicate entry")), "{refused:#?}");
}

fn shape(tree: &plimsoll_yaml::Tree<'_>, id: plimsoll_yaml::Id, theirs: &serde_yaml::Value) -> bool {
    use serde_yaml::Value as Theirs;
    match theirs {
        Theirs::Sequence(items) => {
            tree.items(id).len() == items.len() && tree.items(id).iter().zip(items).all(|(id, item)| shape(tree, *id, item))
        }
        Theirs::Mapping(entries) => {
            tree.entries(id).len() == entries.len()
                && tree.entries(id).iter().zip(entries.values()).all(|(entry, value)| shape(tree, entry.value, value))
        }
        Theirs::String(text) => tree.scalar(id) == Some(text),
        Theirs::Tagged(tagged) => shape(tree, id, &tagged.value),
        _ => tree.scalar(id).is_some(),
    }
}
