//! Users' rules from their settings to findings, as the component runs them, without the sandbox around it.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use plimsoll_condition::compile::compile;
use plimsoll_condition::{ConditionSource, Json, Located, OpSource, OptionSource, PolicyRule, PolicySettings};
use plimsoll_document::{Builder, Document, Key, KeyTable, Span, Value};
use plimsoll_plugin_policy::load;

const METADATA: &str = r#"{"title":"Team label","options":{"label":{"type":"string","default":"team"}}}"#;

fn team_label() -> PolicyRule {
    let source = ConditionSource {
        target: "compose".into(),
        title: "Team label".into(),
        judged: Located::new("service".into(), 2, 6),
        require: Located::new("options.label in self.labels".into(), 3, 10),
        message: Some(Located::new("no label {options.label}".into(), 4, 10)),
        ops: vec![OpSource { kind: "set".into(), key: "/labels/{options.label}".into(), to: Some(Json::from("unowned")), line: 5 }],
        options: vec![OptionSource { name: "label".into(), ty: "string".into() }],
        ..ConditionSource::default()
    };
    PolicyRule::new("acme/team-label", METADATA, &compile(&source).unwrap())
}

fn fails() -> PolicyRule {
    let source = ConditionSource {
        target: "compose".into(),
        judged: Located::new("service".into(), 2, 6),
        require: Located::new("self.labels.team == 'x'".into(), 3, 10),
        ..ConditionSource::default()
    };
    PolicyRule::new("acme/fails", r#"{"title":"x"}"#, &compile(&source).unwrap())
}

/// Two services: `db` has a label `team`, `web` has none.
fn project() -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new("compose", &keys);
    let text = "services:\n  db:\n    labels: {team: data}\n  web:\n    image: x\n";
    builder.source("compose.yaml", text);
    let span = |part: &str| {
        let start = text.find(part).unwrap() as u32;
        Span::new(0, start, start + part.len() as u32)
    };
    let root = builder.root(Value::Map, span(text.trim_end()));
    let services = builder.entry(root, Key::fact("services"), Value::Map, span("db:\n    labels: {team: data}\n  web:\n    image: x"));
    let db = builder.entry(services, Key::fact("db"), Value::Map, span("labels: {team: data}"));
    let labels = builder.entry(db, Key::fact("labels"), Value::Map, span("{team: data}"));
    builder.entry(labels, Key::fact("team"), Value::String("data"), span("data"));
    let web = builder.entry(services, Key::fact("web"), Value::Map, span("image: x"));
    builder.entry(web, Key::fact("image"), Value::String("x"), span("x\n"));
    builder.finish()
}

fn settings(rules: Vec<PolicyRule>, options: &str) -> Vec<u8> {
    let options = if let Json::Map(entries) = Json::parse(options).unwrap() { entries } else { vec![] };
    PolicySettings { rules, options }.encode()
}

#[test]
fn a_users_rule_finds_says_and_mends() {
    let settings = settings(vec![team_label()], "{}");
    let mut session = load(&settings).unwrap();
    session.configure(core::str::from_utf8(&settings).unwrap(), &[]).unwrap();
    assert_eq!(session.plugin().rules[0].id, "acme/team-label");
    let document = project();
    let (findings, failures) = session.check("compose", vec![document.doc()], &[], &[0]);
    assert_eq!(failures, [""; 0]);
    assert_eq!(findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), ["no label team"]);
    assert_eq!(document.doc().slice(findings[0].at.span), "image: x");
    let op = &findings[0].fixes[0].ops[0];
    assert_eq!((op.key.as_str(), op.text.as_str(), op.node), ("/labels/team", "\"unowned\"", findings[0].node));
}

#[test]
fn options_are_the_runs_and_otherwise_the_rules_own() {
    let settings = settings(vec![team_label()], r#"{"acme/team-label":{"label":"owner/name"},"other/rule":{"x":1}}"#);
    let mut session = load(&settings).unwrap();
    session.configure(core::str::from_utf8(&settings).unwrap(), &[]).unwrap();
    let document = project();
    let (findings, _) = session.check("compose", vec![document.doc()], &[], &[0]);
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[0].fixes[0].ops[0].key, "/labels/owner~1name", "a value in a pointer is escaped");
    let wrong = self::settings(vec![team_label()], r#"{"acme/team-label":{"label":5,"lable":"x"}}"#);
    let problems = session.configure(core::str::from_utf8(&wrong).unwrap(), &[]).unwrap_err();
    let pointers: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(pointers, ["/acme~1team-label/label", "/acme~1team-label/lable"]);
}

#[test]
fn what_cannot_be_evaluated_is_told_once_with_rule_and_line() {
    let mut session = load(&settings(vec![team_label(), fails()], "{}")).unwrap();
    let document = project();
    let (findings, failures) = session.check("compose", vec![document.doc()], &[], &[0, 1]);
    assert_eq!(findings.len(), 2, "the other rule, and the failing one where it can be evaluated");
    assert_eq!(failures.len(), 1);
    assert!(failures[0].starts_with("acme/fails:3: no such key `team`"), "{failures:?}");
    let (findings, failures) = session.check("compose", vec![document.doc()], &[], &[0]);
    assert_eq!((findings.len(), failures.len()), (1, 0), "a rule that is not enabled is not judged");
    assert_eq!(session.check("docker", vec![document.doc()], &[], &[0]).0.len(), 0, "nor one of another target");
}

#[test]
fn rules_that_are_none_are_refused_by_their_place() {
    let mut broken = team_label();
    broken.compiled.truncate(20);
    let mut wrong = team_label();
    wrong.metadata = "{".into();
    let problems = load(&settings(vec![team_label(), broken, wrong], "{}")).err().unwrap();
    assert_eq!(problems.iter().map(|problem| problem.pointer.as_str()).collect::<Vec<_>>(), ["/rules/1", "/rules/2"]);
    assert!(load(b"{\"rules\":3}").is_err());
    assert_eq!(load(b"").unwrap().plugin().rules.len(), 0);
}
