//! One walk calls each enabled rule once per node that it judges, and options come from settings.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_document::{Builder, Document, Key, KeyTable, Span, Value};
use plimsoll_sdk::{Check, Fix, Json, Judges, OptionReader, Plugin, Problem, Relation, Rule, Session};

#[derive(Default)]
struct Options {
    greeting: String,
}

fn set(options: &mut Options, rule: usize, settings: &Json, problems: &mut Vec<Problem>) -> Json {
    let mut read = OptionReader::new(settings, problems);
    if rule == 0 {
        options.greeting = read.string("greeting", "hello");
    }
    read.finish()
}

const fn rule(
    id: &'static str,
    ty: &'static str,
    only: Option<(&'static str, &'static [&'static str])>,
    check: Check<Options>,
) -> Rule<Options> {
    Rule {
        id,
        metadata: "{}",
        relations: &["image"],
        judges: Judges { target: "docker", ty, list: None, only, commands: &[], text: &[] },
        check,
    }
}

static PLUGIN: Plugin<Options> = Plugin {
    name: "docker",
    version: "0.0.0",
    rules: &[
        rule(
            "docker/stages",
            "Stage",
            None,
            Check::Function(|node, options, report| {
                report.at(node).message(options.greeting.clone()).fix(Fix::safe("do").set(node, "/name", "x"));
            }),
        ),
        rule(
            "docker/runs",
            "Instruction",
            Some(("keyword", &["RUN", "COPY"])),
            Check::Function(|_, _, report| _ = report.here().message("run")),
        ),
        rule(
            "docker/related",
            "Dockerfile",
            None,
            Check::Function(|node, _, report| {
                if let Relation::These(ends) = report.relation(node, "image") {
                    report.at(ends[0]).message("end");
                }
            }),
        ),
    ],
    set,
};

/// Two stages; the final one is also what a fact refers to, and the second has a RUN and a USER.
fn dockerfile() -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new("docker", &keys);
    builder.source("Dockerfile", "FROM a\nFROM b\n");
    let at = |line: u32| Span::new(0, line * 7, line * 7 + 6);
    let root = builder.root(Value::Map, Span::new(0, 0, 13));
    let facts = builder.entry(root, Key::fact("facts"), Value::Map, at(0));
    let stages = builder.entry(root, Key::fact("stages"), Value::List, at(0));
    builder.item(stages, Value::Map, at(0));
    let last = builder.item(stages, Value::Map, at(1));
    builder.entry(facts, Key::fact("final"), Value::Ref(last), at(1));
    let instructions = builder.entry(last, Key::fact("instructions"), Value::List, at(1));
    for keyword in ["RUN", "USER"] {
        let instruction = builder.item(instructions, Value::Map, at(1));
        builder.entry(instruction, Key::fact("keyword"), Value::String(keyword), at(1));
    }
    builder.finish()
}

#[test]
fn each_node_is_judged_once_even_where_facts_refer_to_it() {
    let document = dockerfile();
    let mut session = Session::new(&PLUGIN);
    let (findings, failures) = session.check("docker", vec![document.doc()], &[], &[0, 1]);
    assert_eq!(failures, Vec::<String>::new());
    let seen: Vec<_> = findings.iter().map(|finding| (finding.rule, finding.at.span.start, finding.message.as_str())).collect();
    assert_eq!(seen, [(0, 0, "hello"), (0, 7, "hello"), (1, 7, "run")]);
    assert_eq!(findings[0].fixes[0].ops[0].text, "\"x\"");
    assert_eq!(findings[0].fixes[0].ops[0].node, findings[0].node);
}

#[test]
fn only_enabled_rules_run_and_a_changed_selection_counts() {
    let document = dockerfile();
    let mut session = Session::new(&PLUGIN);
    let mut rules = |enabled: &[u32]| -> Vec<u32> {
        let (findings, _) = session.check("docker", vec![document.doc()], &[], enabled);
        findings.into_iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(&[1]), [1]);
    assert_eq!(rules(&[0]), [0, 0]);
    assert_eq!(rules(&[]), [0; 0]);
    assert_eq!(rules(&[9]), [0; 0], "a number that is no rule's");
}

#[test]
fn another_target_has_no_findings() {
    let document = dockerfile();
    assert!(Session::new(&PLUGIN).check("compose", vec![document.doc()], &[], &[0, 1]).0.is_empty());
}

#[test]
fn options_are_set_and_what_is_wrong_has_a_pointer() {
    let document = dockerfile();
    let mut session = Session::new(&PLUGIN);
    session.configure(r#"{"docker/stages": {"greeting": "hi"}, "other/rule": {"x": 1}}"#, &[]).unwrap();
    assert_eq!(session.check("docker", vec![document.doc()], &[], &[0]).0[0].message, "hi");
    let problems = session.configure(r#"{"docker/stages": {"greeting": 1, "a/b": 2}, "docker/runs": []}"#, &[]).unwrap_err();
    let pointers: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(pointers, ["/docker~1stages/greeting", "/docker~1stages/a~1b", "/docker~1runs"]);
    assert!(session.configure("{", &[]).is_err());
    session.configure("", &[]).unwrap();
    assert_eq!(session.check("docker", vec![document.doc()], &[], &[0]).0[0].message, "hello", "options of an earlier call are gone");
}

#[test]
fn a_finding_in_a_related_document_is_answered_for_by_the_judged_node() {
    let (document, other) = (dockerfile(), dockerfile());
    let mut session = Session::new(&PLUGIN);
    assert_eq!(session.keys(), ["image"]);
    session.configure("", &[77]).unwrap();
    let documents = || vec![document.doc(), other.doc()];
    let edges = [77, 0, 0, 0, 1, 1, 3];
    let (findings, _) = session.check("docker", documents(), &edges, &[2]);
    assert_eq!((findings[0].node, findings[0].at.document), (0, 1));
    assert!(session.check("docker", documents(), &[], &[2]).0.is_empty(), "no edge: unknown");
    assert!(session.check("docker", documents(), &[77, 0, 0, 1, 0], &[2]).0.is_empty(), "none");
}
