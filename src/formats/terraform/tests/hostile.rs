//! Hostile texts: bounded time, memory and stack, a clear problem, intact parts kept.

#![allow(clippy::unwrap_used, clippy::format_collect, clippy::format_push_string, reason = "a failing unwrap is a failing test")]

mod support;

use plimsoll_document::Table;
use plimsoll_formats::{Parsed, ProblemKind};
use std::time::{Duration, Instant};
use support::{Project, at, main_tf, module, show};

/// Generous for a debug build on a busy machine; what is quadratic takes minutes.
const BOUND: Duration = Duration::from_secs(20);

#[track_caller]
fn survives(text: &str) -> Parsed {
    let before = Instant::now();
    let parsed = main_tf(text);
    assert!(before.elapsed() < BOUND, "took {:?}", before.elapsed());
    let (words, text) = parsed.document.table.clone().into_parts();
    Table::new(words, text.into_bytes()).unwrap();
    parsed
}

const DEEP: usize = 100_000;

#[test]
fn deep_nesting_is_refused_and_the_next_block_stands() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("\"${", "}\""),
        ("f(", ")"),
        ("[for x in ", ":1]"),
        ("-", ""),
        ("!", ""),
        ("1?", ":1"),
        ("1+(", ")"),
        ("x[", "]"),
        ("\"%{if ", "}%{endif}\""),
    ] {
        let text = format!("locals {{\n  a = {}1{}\n}}\nlocals {{\n  b = 2\n}}\n", open.repeat(DEEP), close.repeat(DEEP));
        let parsed = survives(&text);
        assert!(!parsed.problems.is_empty(), "{open}");
        assert_eq!(show(at(&parsed.document, "locals/b").unwrap()), "2", "{open}");
    }
}

#[test]
fn unclosed_nesting_is_refused() {
    for open in [
        "[",
        "(",
        "{a=",
        "\"${",
        "f(",
        "x {\n",
        "a = <<E\n",
        "/*",
        "\"",
        "}",
        "]",
        "[{(",
        "a=[\n",
        "\"${[\n",
        "resource \"a\" \"b\" {\n",
        "x {\nresource \"a\" \"b\" {\n",
    ] {
        let parsed = survives(&open.repeat(DEEP / 4));
        assert!(!parsed.problems.is_empty(), "{open}");
    }
}

#[test]
fn a_block_behind_a_lone_carriage_return_begins_at_its_keyword() {
    for before in ["\r", "\u{a0}", " \r "] {
        let parsed = survives(&format!("{before}resource \"a\" \"b\" {{\n  c = 1\n}}\n"));
        assert!(!parsed.problems.is_empty());
        let block = at(&parsed.document, "resources/0").unwrap();
        assert_eq!(block.source_text(), "resource \"a\" \"b\" {\n  c = 1\n}", "{before:?}");
        assert_eq!(show(at(&parsed.document, "resources/0/body/c").unwrap()), "1");
    }
}

#[test]
fn a_mistake_inside_a_character_is_reported_at_its_start() {
    for text in ["terraform {\n  backend \"s3\"\u{584}\n    bucket = e\n  }\n}\n", "a\n   \u{68a} {\n b "] {
        let parsed = survives(text);
        assert!(!parsed.problems.is_empty());
        for problem in &parsed.problems {
            assert!(text.get(problem.at.start as usize..problem.at.end as usize).is_some(), "{problem:?}");
        }
    }
}

#[test]
fn nested_blocks_beyond_the_limit_are_refused() {
    let parsed = survives(&format!("{}{}", "x {\n".repeat(DEEP / 4), "}\n".repeat(DEEP / 4)));
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].kind, ProblemKind::Limit);
}

#[test]
fn long_flat_texts_take_linear_time() {
    let many = 50_000;
    for text in [
        format!("locals {{\n  a = [{}]\n}}", "1,".repeat(many)),
        format!("locals {{\n  a = {{{}}}\n}}", (0..many / 5).map(|at| format!("k{at}=1,")).collect::<String>()),
        format!("locals {{\n  a = \"{}\"\n}}", "x".repeat(1 << 20)),
        format!("locals {{\n  a = x{}\n}}", ".y".repeat(many)),
        format!("locals {{\n  a = \"{}\"\n}}", "${x.y}".repeat(many / 2)),
        "/**/".repeat(many),
        "/**/ a = 1 ".repeat(many / 10),
        "# x\n".repeat(many),
        format!("a = 1 {}", "/**/".repeat(many)),
        "locals {\n  a = <<E\n  x\n  E\n}\n".repeat(many / 20),
        (0..many / 5).map(|at| format!("locals {{\n  a{at} = 1\n}}\n")).collect(),
        (0..many / 10).map(|at| format!("resource \"a\" \"b{at}\" {{\n  c = a.b{}.id\n}}\n", (at + 1) % 100)).collect(),
        "\0".repeat(many),
        "\r".repeat(many),
        "$${".repeat(many),
        "<<E".repeat(many),
    ] {
        survives(&text);
    }
}

#[test]
fn a_chain_of_locals_does_not_grow_the_stack() {
    let count = 20_000;
    let mut text = String::from("locals {\n  a0 = 7\n");
    for at in 1..count {
        text.push_str(&format!("  a{at} = local.a{}\n", at - 1));
    }
    text.push_str(&format!("}}\nresource \"x\" \"y\" {{\n  z = local.a{}\n}}\n", count - 1));
    assert_eq!(show(at(&survives(&text).document, "resources/0/body/z").unwrap()), "7");
}

#[test]
fn locals_in_a_ring_are_unknown() {
    let parsed = survives("locals {\n  a = local.b\n  b = [local.a]\n  c = local.a\n  d = 1\n}\n");
    assert!(show(at(&parsed.document, "locals/a").unwrap()).ends_with("depends on itself"));
    assert_eq!(show(at(&parsed.document, "locals/d").unwrap()), "1");
}

#[test]
fn values_that_double_are_cut_off() {
    for step in [
        "[local.a{}, local.a{}]",
        "\"${local.a{}}${local.a{}}\"",
        "{ x = local.a{}, y = local.a{} }",
        "concat(local.a{}, local.a{})",
        "jsonencode([local.a{}, local.a{}])",
        "[local.a{}]",
        "[for x in local.a{} : local.a{}]",
        "flatten([local.a{}, local.a{}])",
        "local.a{} == local.a{} ? [local.a{}, local.a{}] : []",
    ] {
        let mut text = String::from("locals {\n  a0 = [\"x\", \"y\"]\n");
        if step.starts_with('"') {
            text = String::from("locals {\n  a0 = \"xy\"\n");
        }
        for at in 1..300 {
            text.push_str(&format!("  a{at} = {}\n", step.replace("{}", &(at - 1).to_string())));
        }
        text.push_str("}\n");
        survives(&text);
    }
}

#[test]
fn loops_over_loops_are_cut_off() {
    let row = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : [for d in range(1000) : d]]]]";
    survives(&format!("locals {{\n  x = {row}\n  y = join(\",\", flatten({row}))\n}}\n"));
}

#[test]
fn json_nested_deep_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{{\"locals\": {{\"a\": {}1{}}}}}", open.repeat(DEEP), close.repeat(DEEP));
        let before = Instant::now();
        let parsed = module(&[("main.tf.json", &text)]);
        assert!(before.elapsed() < BOUND);
        assert!(!parsed.problems.is_empty());
    }
}

#[test]
fn a_file_that_is_not_utf8_costs_itself() {
    let project = Project([("a.tf".to_owned(), vec![0xff, 0xfe]), ("b.tf".to_owned(), b"locals {\n  a = 1\n}\n".to_vec())].into());
    let paths = ["a.tf".to_owned(), "b.tf".to_owned(), "c.tf".to_owned()];
    let keys = plimsoll_document::KeyTable::new();
    let parsed =
        plimsoll_terraform::parse(plimsoll_terraform::Input { directory: "", files_in_module: &paths, keys: &keys, files: &project });
    let kinds: Vec<_> = parsed.problems.iter().map(|problem| (problem.kind, problem.at.source)).collect();
    assert_eq!(kinds, [(ProblemKind::Syntax, 0), (ProblemKind::File, 2)]);
    assert_eq!(show(at(&parsed.document, "locals").unwrap()), "{a: 1}*");
}

#[test]
fn reader_that_stops_inside_a_character_is_no_panic() {
    // Found by random typing: the offset of the error lay inside `é`.
    let parsed = survives("v]\nble \"\"p {\n  default é# ign${x}docUSER root\n/userát] -- x\n.0á#\npri\\ged: true\n}\n");
    assert!(!parsed.problems.is_empty());
}

/// One long value, used often: few nodes, much text.
#[test]
fn text_that_multiplies_is_refused() {
    let long = "x".repeat(1 << 19);
    let locals: String = (0..2_000).map(|at| format!("  l{at} = \"${{local.a}}y\"\n")).collect();
    let joined: String = (0..2_000).map(|at| format!("  l{at} = join(\"\", [local.a, \"y\"])\n")).collect();
    let used: String = (0..2_000).map(|at| format!("  k{at} = local.a\n")).collect();
    for text in [
        format!("locals {{\n  a = \"{long}\"\n{locals}}}\n"),
        format!("locals {{\n  a = \"{long}\"\n{joined}}}\n"),
        format!("locals {{\n  a = \"{long}\"\n}}\nresource \"a\" \"b\" {{\n{used}}}\n"),
    ] {
        let parsed = survives(&text);
        assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit), "{:?}", parsed.problems);
        assert!(parsed.document.table.text().len() < 4 * plimsoll_formats::MAX_DECODED, "{} bytes", parsed.document.table.text().len());
    }
}

/// What is left unknown because it would be too much work is never passed over: everything behind it is unknown, too.
#[test]
fn work_without_end_is_told() {
    let parsed = survives("locals {\n  a = [for i in range(1000): [for j in range(1000): [for k in range(1000): \"${i}${j}${k}\"]]]\n}\n");
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit), "{:?}", parsed.problems);
}
