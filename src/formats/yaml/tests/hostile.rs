//! Hostile and broken texts: bounded time and memory, intact parts kept.
#![allow(clippy::unwrap_used, clippy::format_collect, clippy::float_cmp, reason = "a test fails by panicking, and need not be frugal")]

use plimsoll_document::{Builder, Document, Flags, KeyTable, Kind};
use plimsoll_yaml::{Content, MAX_EXPANDED, Problem, ProblemKind, Reading, Stream, Writer, parse};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Ample for an unoptimised build on a busy machine; what is quadratic takes minutes.
const PATIENCE: Duration = Duration::from_secs(20);

fn timed(text: &str) -> Stream<'_> {
    let start = Instant::now();
    let stream = parse(text);
    assert!(start.elapsed() < PATIENCE, "{:?} for {} bytes", start.elapsed(), text.len());
    stream
}

fn document(text: &str) -> (Document, Vec<Problem>) {
    let start = Instant::now();
    let stream = parse(text);
    let tree = &stream.documents[0];
    let keys = KeyTable::new();
    let mut builder = Builder::new("kubernetes", &keys);
    builder.source("a.yaml", text);
    let mut writer = Writer::new(tree, text, 0, &mut builder, Reading::KUBERNETES);
    writer.root(tree.root());
    let problems = std::mem::take(&mut writer.problems);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    (builder.finish(), problems)
}

fn kinds(stream: &Stream<'_>) -> Vec<ProblemKind> {
    stream.problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn deep_nesting_is_refused_in_every_shape() {
    let n = 100_000;
    let indented: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for text in
        ["[".repeat(n), "{a: ".repeat(n), "- ".repeat(n), "? ".repeat(n), format!("a: {}{}", "[".repeat(n), "]".repeat(n)), indented]
    {
        let stream = timed(&text);
        assert_eq!(kinds(&stream), [ProblemKind::Limit], "{:?}", &text[..10]);
    }
}

#[test]
fn long_lines_and_many_of_everything() {
    let million = "x".repeat(1 << 20);
    for (text, problems) in [
        (format!("a: {million}\nb: \"{million}\"\n"), 0),
        (format!("a: {}\n", "x ".repeat(1 << 19)), 0),
        (format!("# {million}\na: 1\n"), 0),
        (
            (0..50_000).fold(String::new(), |mut text, n| {
                writeln!(text, "k{n}: &a{n} 1 # c").unwrap();
                text
            }),
            0,
        ),
        ("# c\n".repeat(100_000) + "a: 1\n", 0),
        // Regression: the search for template marks began anew with every document.
        ("---\na: 1\n".repeat(20_000), 0),
        (format!("[{}1]", "1,".repeat(200_000)), 0),
        ("a: \"x\ny\"\n".repeat(1000), 1),
        ("\"".repeat(100_001), 1),
        ("a:\n  |\n".repeat(20_000), 1),
    ] {
        let stream = timed(&text);
        assert!(
            stream.problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax).count() <= problems,
            "{:?}: {:?}",
            &text[..10],
            &stream.problems[..1]
        );
    }
}

#[test]
fn alias_bombs_stay_small() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        writeln!(text, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(", ")).unwrap();
    }
    let (document, problems) = document(&text);
    assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Limit]);
    assert!(document.doc().node_count() < MAX_EXPANDED + 10_000, "{}", document.doc().node_count());
}

/// Few nodes, much text: escapes make a value that stands nowhere as it is, and every alias has it anew.
#[test]
fn a_long_value_behind_many_aliases_stays_small() {
    let long = "x".repeat(1 << 20);
    for value in [format!("\"\\u00e9{long}\""), format!("|\n  {long}\n  b")] {
        let aliases = (0..100_000).map(|at| format!("k{at}: *a\n")).collect::<Vec<_>>().concat();
        let (document, problems) = document(&format!("a: &a {value}\n{aliases}"));
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Limit]);
        assert!(document.table.text().len() < 2 * plimsoll_formats::MAX_DECODED, "{} bytes", document.table.text().len());
    }
}

#[test]
fn merge_bombs_stay_small() {
    let mut text = "a0: &a0 {x: 1}\n".to_owned();
    for level in 1..200 {
        writeln!(text, "a{level}: &a{level} {{<<: [*a{}, *a{}], k{level}: 1}}", level - 1, level - 1).unwrap();
    }
    let (document, _) = document(&text);
    assert!(document.doc().node_count() < MAX_EXPANDED + 10_000);
}

/// Regression: working out what a mapping merges went on after the limit, at the price of a full merge each.
#[test]
fn many_merges_of_a_large_mapping_end() {
    let mut text = "a: &a\n".to_owned();
    for key in 0..5_000 {
        writeln!(text, "  k{key}: 1").unwrap();
    }
    for map in 0..5_000 {
        writeln!(text, "m{map}: {{<<: *a}}").unwrap();
    }
    let (document, _) = document(&text);
    assert!(document.doc().node_count() < MAX_EXPANDED + 20_000);
}

#[test]
fn an_anchor_that_contains_itself_ends() {
    let (document, problems) = document("a: &a\n  b: 1\n  c: *a\nd: &d {<<: *d, e: 1}\n");
    assert_eq!(problems.len(), 1, "{problems:?}");
    let c = document.doc().root().get_text("a").known().unwrap().get_text("c");
    assert!(c.is_unknown());
}

#[test]
fn an_error_costs_its_document_only() {
    let text = "a: 1\nb:\n  c: 2\n  d: [1, 2\ne: 3\n---\nf: 4\n";
    let stream = parse(text);
    assert_eq!(kinds(&stream), [ProblemKind::Syntax]);
    assert_eq!(stream.documents.len(), 2);
    let broken = &stream.documents[0];
    assert_eq!(broken.scalar(broken.get(broken.root(), "a").unwrap()), Some("1"));
    assert!(broken.node(broken.root()).open);
    let b = broken.get(broken.root(), "b").unwrap();
    assert_eq!(broken.scalar(broken.get(b, "c").unwrap()), Some("2"));
    assert!(broken.node(b).open);
    let whole = &stream.documents[1];
    assert_eq!(whole.scalar(whole.get(whole.root(), "f").unwrap()), Some("4"));
    assert!(!whole.node(whole.root()).open);
}

#[test]
fn what_an_error_hides_is_unknown_not_absent() {
    let (document, _) = document("a: 1\nb: \"x\n");
    let root = document.doc().root();
    assert!(root.flags().has(Flags::OPEN));
    assert!(root.get_text("c").is_unknown());
    assert!(root.get_text("b").is_unknown());
}

#[test]
fn control_characters_end_the_text() {
    let stream = parse("a: 1\nb: \u{0}\nc: 2\n");
    assert_eq!(stream.problems[0].at, 8..9);
    let tree = &stream.documents[0];
    assert!(tree.get(tree.root(), "a").is_some());
    assert!(tree.node(tree.root()).open);
}

#[test]
fn templates_are_no_errors() {
    for text in [
        "a: {{ .Values.x }}\n",
        "{{- if .Values.x }}\na: 1\n{{- end }}\n",
        "a: x-{{ .Release.Name }}\n",
        "{% if x %}\na: [1\n{% endif %}\n",
        "metadata:\n  labels:\n    {{- include \"x\" . | nindent 4 }}\n",
    ] {
        assert_eq!(kinds(&parse(text)), [ProblemKind::Template], "{text}");
        assert!(parse(text).documents.is_empty());
    }
}

#[test]
fn braces_in_strings_and_comments_are_no_templates() {
    for text in [
        "a: \"{{ $labels.instance }}\"\n",
        // Regression: an alert's text was taken for a chart.
        "a: on {{ with $labels.cluster -}} {{ . }} {{- end }}\n",
        "# {{ .Values.x }}\na: 1\n",
        "a: |\n  {{ .Values.x }}\n",
        "a: {{workflow.name}}-x\n".replace("{{", "x{{").as_str(),
    ] {
        let stream = parse(text);
        assert!(stream.problems.is_empty(), "{text}: {:?}", stream.problems);
    }
    // Broken for another reason, with braces in a comment only.
    assert_eq!(kinds(&parse("# {{ x }}\na: [1\n")), [ProblemKind::Syntax]);
}

#[test]
fn equal_keys_are_kept_and_told() {
    let text = "a: 1\nb: 2\n\"a\": 3\n";
    let stream = parse(text);
    assert_eq!(kinds(&stream), [ProblemKind::DuplicateKey]);
    assert_eq!(stream.problems[0].at, 10..13);
    let tree = &stream.documents[0];
    assert_eq!(tree.entries(tree.root()).len(), 3);
    assert_eq!(tree.scalar(tree.get(tree.root(), "a").unwrap()), Some("3"));
}

#[test]
fn merging_follows_the_rules() {
    let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2, d: 2}\nz:\n  <<: [*x, *y]\n  d: 3\nw: {<<: *x, e: *y}\nv: {\"<<\": 1}\n";
    let (document, problems) = document(text);
    assert!(problems.is_empty());
    let root = document.doc().root();
    let z = root.get_text("z").known().unwrap();
    let value = |key: &str| z.get_text(key).known().unwrap().as_f64().unwrap();
    assert_eq!([value("a"), value("b"), value("c"), value("d")], [1.0, 1.0, 2.0, 3.0]);
    assert!(z.get_text("a").known().unwrap().flags().has(Flags::FROM_ANCHOR));
    assert!(!z.get_text("d").known().unwrap().flags().has(Flags::FROM_ANCHOR));
    assert_eq!(root.get_text("w").known().unwrap().get_text("e").known().unwrap().len(), 3);
    assert_eq!(root.get_text("v").known().unwrap().get_text("<<").known().unwrap().kind(), Kind::Number);
}

#[test]
fn an_alias_without_anchor_is_unknown() {
    let (document, _) = document("a: *b\nc: {<<: *b, d: 1}\n");
    let root = document.doc().root();
    assert!(root.get_text("a").is_unknown());
    let c = root.get_text("c").known().unwrap();
    assert!(c.get_text("x").is_unknown());
    assert_eq!(c.get_text("d").known().unwrap().as_f64(), Some(1.0));
    assert_eq!(kinds(&parse("a: *b\n")), [ProblemKind::UnknownAlias]);
}

#[test]
fn continuation_lines_may_stand_further_left() {
    // The specification forbids it; go-yaml, and so kubectl, reads it.
    let text = "a:\n  b: \"one\n two\n\nthree\"\n  c: 'x\ny'\nd: 1\n";
    let stream = parse(text);
    assert!(stream.problems.is_empty(), "{:?}", stream.problems);
    let tree = &stream.documents[0];
    let a = tree.get(tree.root(), "a").unwrap();
    assert_eq!(tree.scalar(tree.get(a, "b").unwrap()), Some("one two\nthree"));
    assert_eq!(tree.scalar(tree.get(a, "c").unwrap()), Some("x y"));
    let d = tree.get(tree.root(), "d").unwrap();
    assert_eq!(&text[tree.node(d).span.start as usize..], "1\n");
}

#[test]
fn json_is_read_as_yaml() {
    let text = "{\n\t\"a\": [1, 2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\\/\\n\"],\n\t\"b\": {\"a\": {}, \"a\": []}\n}";
    let stream = parse(text);
    assert_eq!(kinds(&stream), [ProblemKind::DuplicateKey]);
    let tree = &stream.documents[0];
    let items = tree.items(tree.get(tree.root(), "a").unwrap());
    assert_eq!(tree.scalar(items[4]), Some("é😀/\n"));
    let b = tree.get(tree.root(), "b").unwrap();
    assert!(matches!(tree.node(tree.get(b, "a").unwrap()).content, Content::Sequence { .. }));
}

#[test]
fn comments_cover_what_they_stand_at() {
    let text = "# top\na: 1\n# b\nb:\n  # c\n  - name: c # item\n    x: [1,\n    2] # tail\n  - d # d\n# last\n";
    let stream = parse(text);
    let covers = plimsoll_yaml::Covers::new(text, &stream);
    let found: Vec<_> = stream
        .comments
        .iter()
        .map(|comment| {
            (
                &text[comment.at.start as usize..comment.at.end as usize],
                covers.of(comment).map(|range| &text[range.start as usize..range.end as usize]),
            )
        })
        .collect();
    let item = "- name: c # item\n    x: [1,\n    2]";
    assert_eq!(
        found,
        [
            ("# top", Some(text.trim_end().strip_suffix(" # d\n# last").unwrap().strip_prefix("# top\n").unwrap())),
            ("# b", Some("b:\n  # c\n  - name: c # item\n    x: [1,\n    2] # tail\n  - d")),
            ("# c", Some(item)),
            ("# item", Some(item)),
            ("# tail", Some("2")),
            ("# d", Some("- d")),
            ("# last", None),
        ]
    );
}
