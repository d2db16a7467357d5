//! Inputs meant to hurt: each ends soon, says why, and leaves the rest intact.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_document::{Flags, Lookup};
use plimsoll_formats::ProblemKind;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use support::{Texts, parse};

fn bounded(files: &[(&str, &str)]) -> plimsoll_formats::Parsed {
    let start = Instant::now();
    let parsed = parse("compose.yaml", &Texts::new(files));
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    parsed
}

#[test]
fn services_that_extend_each_other_in_a_ring_stay_open() {
    let parsed = bounded(&[("compose.yaml", "services:\n  a:\n    extends: b\n    image: x\n  b:\n    extends: a\n")]);
    assert!(parsed.problems.iter().any(|problem| problem.message.contains("extends itself")));
    let Lookup::Present(services) = parsed.document.doc().root().get_text("services") else { panic!("services") };
    assert!(services.children().all(|service| service.flags().has(Flags::OPEN)));
}

#[test]
fn a_long_chain_of_extends_ends() {
    let mut text = "services:\n  s0:\n    image: x\n".to_owned();
    for at in 1..3000 {
        let _ = writeln!(text, "  s{at}:\n    extends: s{}\n    ports: ['{at}:{at}']", at - 1);
    }
    bounded(&[("compose.yaml", &text)]);
    // The other way round, every chain is as long as it can be.
    let mut text = "services:\n".to_owned();
    for at in 0..3000 {
        let _ = writeln!(text, "  s{at}:\n    extends: s{}\n    ports: ['{}:80']", at + 1, at + 1);
    }
    let parsed = bounded(&[("compose.yaml", &format!("{text}  s3000:\n    image: x\n"))]);
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit));
}

#[test]
fn files_that_include_each_other_end() {
    let parsed = bounded(&[
        ("compose.yaml", "include: [b.yaml]\nservices:\n  a:\n    image: x\n"),
        ("b.yaml", "include: [compose.yaml]\nservices:\n  b:\n    image: y\n"),
    ]);
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::File && problem.message.contains("includes itself")));
    let root = parsed.document.doc().root();
    let Lookup::Present(services) = root.get_text("services") else { panic!("services") };
    assert_eq!(services.len(), 2);
    assert!(matches!(services.get_text("c"), Lookup::Unknown(_)));
}

#[test]
fn an_include_that_doubles_ends() {
    let mut files = vec![("compose.yaml".to_owned(), "include: [i0.yaml, i0.yaml]\n".to_owned())];
    for at in 0..25 {
        files.push((format!("i{at}.yaml"), format!("include: [i{0}.yaml, i{0}.yaml]\nservices:\n  s{at}:\n    image: x\n", at + 1)));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let parsed = bounded(&files);
    assert!(parsed.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Limit | ProblemKind::File)));
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "x-a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
    for at in 1..12 {
        let refs = vec![format!("*a{}", at - 1); 10].join(",");
        let _ = writeln!(text, "x-a{at}: &a{at} [{refs}]");
    }
    let parsed = bounded(&[("compose.yaml", &format!("{text}services:\n  a:\n    image: x\n"))]);
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit));
}

#[test]
fn nested_variables_end() {
    let text = format!("services:\n  a:\n    image: \"{}x{}\"\n", "${A:-".repeat(20_000), "}".repeat(20_000));
    let parsed = bounded(&[("compose.yaml", &text)]);
    assert!(!parsed.problems.is_empty());
    let text = format!("services:\n  a:\n    image: \"{}\"\n", "${A:-x}".repeat(100_000));
    bounded(&[("compose.yaml", &text)]);
    let text = format!("services:\n  a:\n    image: \"{}\"\n", "${".repeat(100_000));
    bounded(&[("compose.yaml", &text)]);
}

#[test]
fn many_services_and_items_are_not_quadratic() {
    let mut text = "services:\n".to_owned();
    for at in 0..5000 {
        let _ = writeln!(text, "  s{at}:\n    image: x:{at}\n    depends_on: [s{}]", (at + 1) % 5000);
    }
    let items = (0..20_000).map(|at| format!("      - A{at}=x\n")).collect::<Vec<_>>().concat();
    let _ = write!(text, "  big:\n    image: y\n    environment:\n{items}");
    bounded(&[("compose.yaml", &text), ("compose.override.yaml", &format!("services:\n  big:\n    environment:\n{items}"))]);
}

#[test]
fn a_range_of_all_ports_is_bounded() {
    let line = "      - '1-65535:1-65535'\n".repeat(200);
    let parsed = bounded(&[("compose.yaml", &format!("services:\n  a:\n    image: x\n    ports:\n{line}"))]);
    assert!(parsed.document.doc().node_count() < 400_000);
    assert_eq!(parsed.problems.iter().filter(|problem| problem.kind == ProblemKind::Limit).count(), 200);
}

#[test]
fn bytes_that_are_no_text_are_one_problem() {
    struct Bytes;
    impl plimsoll_formats::Files for Bytes {
        fn read(&self, path: &str) -> Result<std::sync::Arc<[u8]>, plimsoll_formats::ReadError> {
            if path == "compose.yaml" {
                return Ok(b"services:\n  a:\n    image: x\n  b: \xff\xfe\n".as_slice().into());
            }
            Err(plimsoll_formats::ReadError::Missing)
        }
        fn list(&self, _: &str) -> Option<Vec<plimsoll_formats::Entry>> {
            None
        }
    }
    let parsed = parse("compose.yaml", &Bytes);
    assert_eq!(parsed.problems.len(), 1);
    assert!(parsed.document.doc().root().flags().has(Flags::OPEN));
}

#[test]
fn a_missing_base_is_still_the_first_source() {
    let parsed = bounded(&[(".env", "A=1\n")]);
    assert_eq!(parsed.document.sources[0].uri, "compose.yaml");
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::File));
}

#[test]
fn nothing_to_read_is_an_open_project() {
    for files in [&[][..], &[("compose.yaml", "")], &[("compose.yaml", "- a\n")], &[("compose.yaml", "\0")]] {
        let parsed = bounded(files);
        assert!(parsed.document.doc().root().flags().has(Flags::OPEN), "{files:?}");
    }
}

/// One long value, used often: few nodes, much text.
#[test]
fn text_that_multiplies_is_refused() {
    let long = "x".repeat(1 << 20);
    let many = |line: &str| (0..5_000).map(|at| line.replace('#', &at.to_string())).collect::<String>();
    let labels = many("      l#: $A\n");
    let doubling = (1..40).map(|at| format!("A{at}=$A{0}$A{0}$A{0}\n", at - 1)).collect::<Vec<_>>().concat();
    let services = |line: &str| many(&format!("  s#:\n    image: x\n    {line}\n"));
    for files in [
        vec![(".env", format!("A={long}\n")), ("compose.yaml", format!("services:\n  a:\n    image: x\n    labels:\n{labels}"))],
        vec![(".env", format!("A={long}\n")), ("compose.yaml", format!("services:\n  a:\n    image: {}\n", "$A".repeat(5_000)))],
        vec![(".env", format!("A0={long}\n{doubling}")), ("compose.yaml", "services:\n  a:\n    image: $A39\n".to_owned())],
        vec![("a.env", format!("A={long}\n")), ("compose.yaml", format!("services:\n{}", services("env_file: a.env")))],
        vec![(
            "compose.yaml",
            format!("x-a: &x \"\\u00e9{long}\"\nservices:\n  a:\n    image: x\n    labels:\n{}", labels.replace("$A", "*x")),
        )],
        vec![
            ("base.yaml", format!("services:\n  s:\n    image: x\n    labels: {{a: \"\\u00e9{long}\"}}\n")),
            ("compose.yaml", format!("services:\n{}", services("extends: {file: base.yaml, service: s}"))),
        ],
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let parsed = bounded(&files);
        assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit), "{:?}", files[0].0);
        assert!(parsed.document.table.text().len() < 4 * plimsoll_formats::MAX_DECODED, "{} bytes", parsed.document.table.text().len());
    }
}
