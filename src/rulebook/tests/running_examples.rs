//! How an example that does not go as it says is told.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_rulebook::Rule;
use plimsoll_rulebook::examples::{Judged, judge_examples};

const RULE: &str = "---\ntitle: T\nseverity: low\nfix: safe\n---\nProse.\n\n## Examples\n\n### A\n```dockerfile fires=2\nFROM a\nUSER root\n```\n```dockerfile fixed=safe\nFROM a\nUSER app\n```\n\n### B\n```dockerfile\nFROM b\n```\n";

fn differences(judged: &Judged) -> String {
    let rule = Rule::parse("rules/docker/x.md", Some("docker"), RULE).unwrap();
    judge_examples(&rule, |example, fixing| {
        assert_eq!(fixing.is_some(), example.title == "A");
        Ok(if example.title == "A" { judged.clone() } else { Judged::default() })
    })
    .iter()
    .map(ToString::to_string)
    .collect()
}

fn finding(line: u32, message: &str) -> (String, u32, String) {
    ("Dockerfile".to_owned(), line, message.to_owned())
}

#[test]
fn an_example_that_goes_as_it_says_is_no_failure() {
    let fixed = Some(vec![("Dockerfile".to_owned(), "FROM a\nUSER app\n".to_owned())]);
    assert_eq!(differences(&Judged { findings: vec![finding(2, "bad")], notices: vec![], fixed }), "");
    let unfixed = Judged { findings: vec![finding(2, "bad")], ..Judged::default() };
    assert_eq!(differences(&unfixed), "", "nothing was fixed, so texts are not compared");
}

#[test]
fn what_differs_is_shown() {
    let fixed = Some(vec![("Dockerfile".to_owned(), "FROM a\nUSER 1\n".to_owned())]);
    let text = differences(&Judged { findings: vec![finding(1, "bad")], notices: vec!["a limit".to_owned()], fixed });
    assert!(text.starts_with("rules/docker/x.md:10: example \"A\"\n"), "{text}");
    for wanted in ["notice: a limit", "expected findings at 2, got 1", "1 | FROM a", "- USER app", "+ USER 1"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn a_finding_without_message_or_in_another_file_is_a_failure() {
    let elsewhere = ("other".to_owned(), 1, "bad".to_owned());
    let text = differences(&Judged { findings: vec![finding(2, " "), elsewhere], ..Judged::default() });
    assert!(text.contains("no message") && text.contains("a file that the example does not have"), "{text}");
}

#[test]
fn an_unchanged_file_is_not_fixed() {
    let text = differences(&Judged { findings: vec![finding(2, "bad")], notices: vec![], fixed: Some(vec![]) });
    assert!(text.contains("the fixed text differs") && text.contains("+ USER root"), "{text}");
}
