//! Whole rules, from front matter to finding.

use crate::fixture::{document, json};
use plimsoll_condition::compile::compile;
use plimsoll_condition::{
    CompileError, CompiledRule, ConditionSource, Json, Judgement, Located, NoRelations, OpSource, OptionSource, RuleOp,
};
use plimsoll_condition::{Relation, Relations};
use plimsoll_document::{Document, Lookup, Node, OpKind};

fn source() -> ConditionSource {
    ConditionSource {
        target: "compose".into(),
        title: "No memory limit".into(),
        judged: Located::new("service".into(), 3, 6),
        require: Located::new("has(self.deploy.resources.limits.memory) || self.image in options.allow".into(), 4, 10),
        at: Some(Located::new("/deploy/resources/limits".into(), 5, 5)),
        message: Some(Located::new("image {self.image} has no limit, {{really}} {size(options.allow)}".into(), 6, 10)),
        ops: vec![
            OpSource { kind: "set".into(), key: "/deploy/resources/limits/memory".into(), to: Some(Json::from("512m")), line: 8 },
            OpSource {
                kind: "set".into(),
                key: "/labels".into(),
                to: Some(json(r#"{"was":"{self.image}","n":"{size(self.image) + 1}","raw":"${var.x}","text":"n={size(self.image)}"}"#)),
                line: 9,
            },
        ],
        options: vec![OptionSource { name: "allow".into(), ty: "list<string>".into() }],
        ..ConditionSource::default()
    }
}

fn project(service: &str) -> Document {
    document("compose", &json(&format!(r#"{{"services":{{"web":{service}}}}}"#)))
}

fn judge(rule: &CompiledRule, document: &Document, options: &Json, then: impl FnOnce(Judgement<'_>)) {
    let Lookup::Present(services) = document.doc().root().get_text("services") else { panic!("no services") };
    then(rule.judge(services.children().next().unwrap(), options, &NoRelations));
}

fn errors(source: &ConditionSource) -> Vec<CompileError> {
    compile(source).err().unwrap_or_default()
}

#[test]
fn a_rule_says_what_where_and_how_to_mend_it() {
    let rule = CompiledRule::decode(&compile(&source()).unwrap().encode()).unwrap();
    assert_eq!((rule.judged.ty.as_str(), rule.judged.labels.len()), ("Service", 0));
    let options = json(r#"{"allow":["ok"]}"#);
    judge(&rule, &project(r#"{"image":"x/y","deploy":{"resources":{"reservations":{"cpus":"1"}}}}"#), &options, |judgement| {
        let finding = judgement.finding.unwrap();
        assert_eq!(judgement.error, None);
        assert_eq!(finding.message, "image x/y has no limit, {really} 1");
        assert_eq!(finding.at.key(), "resources", "the closest ancestor that exists");
        let fix = finding.fix.unwrap();
        assert_eq!((fix.title.as_str(), fix.safe), ("set `deploy.resources.limits.memory` to `512m`, set `labels`", false));
        let texts: Vec<RuleOp> = fix.ops;
        assert_eq!(texts[0], RuleOp { kind: OpKind::Set, key: "/deploy/resources/limits/memory".into(), text: "\"512m\"".into() });
        assert_eq!(texts[1].text, r#"{"was":"x/y","n":4,"raw":"${var.x}","text":"n=3"}"#);
    });
    for service in [r#"{"image":"ok"}"#, r#"{"image":"x","deploy":{"resources":{"limits":{"memory":"1g"}}}}"#] {
        judge(&rule, &project(service), &options, |judgement| assert!(judgement.finding.is_none() && judgement.error.is_none()));
    }
}

#[test]
fn unknown_never_fires_and_unknown_values_are_no_fix() {
    let rule = compile(&source()).unwrap();
    let options = json(r#"{"allow":[]}"#);
    for service in [r#"{"image":"x","deploy":{"$unknown":0}}"#, r#"{"image":"x","deploy":{"resources":{"limits":{"$open":{}}}}}"#] {
        judge(&rule, &project(service), &options, |judgement| assert!(judgement.finding.is_none() && judgement.error.is_none()));
    }
    judge(&rule, &project(r#"{"image":{"$unknown":0}}"#), &options, |judgement| {
        assert!(judgement.finding.is_none(), "an unknown image may be allowed");
    });
    let mut plain = source();
    plain.require.value = "has(self.deploy)".into();
    let rule = compile(&plain).unwrap();
    judge(&rule, &project(r#"{"image":{"$unknown":0}}"#), &options, |judgement| {
        let finding = judgement.finding.unwrap();
        assert_eq!(finding.message, "image (unknown) has no limit, {really} 0");
        assert_eq!(finding.fix, None);
    });
}

#[test]
fn an_error_is_told_with_its_line() {
    let mut broken = source();
    broken.require.value = "self.labels.team == 'x'".into();
    let rule = compile(&broken).unwrap();
    judge(&rule, &project("{}"), &json("{}"), |judgement| {
        assert!(judgement.finding.is_none());
        let error = judgement.error.unwrap();
        assert_eq!(error.line, 4);
        assert!(error.message.contains("no such key `team`"), "{error:?}");
    });
}

#[test]
fn every_mistake_of_a_rule_is_named() {
    let mut wrong = source();
    wrong.judged.value = "servise".into();
    assert!(errors(&wrong)[0].message.contains("did you mean `Service`?"), "{:?}", errors(&wrong));
    let mut wrong = source();
    wrong.require.value = "self.imag == options.alow".into();
    wrong.at = Some(Located::new("/deploy/resorces".into(), 5, 5));
    wrong.message = Some(Located::new("{self.x} and {".into(), 6, 10));
    wrong.ops.push(OpSource { kind: "sett".into(), key: "/x".into(), to: None, line: 10 });
    wrong.ops.push(OpSource { kind: "remove".into(), key: "/nope".into(), to: None, line: 11 });
    let found = errors(&wrong);
    assert_eq!(found.iter().map(|error| error.line).collect::<Vec<_>>(), [4, 5, 6, 10, 11], "{found:#?}");
}

#[test]
fn terraforms_resources_and_data_sources_are_told_apart() {
    for (judged, list, labels) in
        [("resource aws_s3_bucket", "resources", vec!["aws_s3_bucket"]), ("data aws_ami, aws_vpc", "data", vec!["aws_ami", "aws_vpc"])]
    {
        let rule = ConditionSource {
            target: "terraform".into(),
            judged: Located::new(judged.into(), 1, 0),
            require: Located::new("self.body.acl != 'public-read'".into(), 2, 0),
            ..ConditionSource::default()
        };
        let rule = compile(&rule).unwrap();
        assert_eq!((rule.judged.ty.as_str(), rule.judged.list.as_deref()), ("Resource", Some(list)));
        assert_eq!(rule.judged.labels, labels);
    }
}

/// Relation `dockerfile`: what the test says.
struct Related(fn(Node<'_>) -> Relation<'_>);

impl<'a> Relations<'a> for Related {
    fn relation(&self, from: Node<'a>, name: &str) -> Relation<'a> {
        assert_eq!(name, "dockerfile");
        (self.0)(from)
    }
}

#[test]
fn relations_are_these_none_or_unknown() {
    let mut related = source();
    related.relations = vec![Located::new("dockerfile".into(), 2, 0)];
    related.require.value = "self.relations.dockerfile.exists(d, d.image == 'x')".into();
    let rule = compile(&related).unwrap();
    assert_eq!(rule.relations, ["dockerfile"]);
    let options = json(r#"{"allow":[]}"#);
    let document = project(r#"{"image":"x"}"#);
    let Lookup::Present(services) = document.doc().root().get_text("services") else { panic!("no services") };
    let node = services.children().next().unwrap();
    let fires = |with: fn(Node<'_>) -> Relation<'_>| rule.judge(node, &options, &Related(with)).finding.is_some();
    assert!(!fires(|node| Relation::These(vec![node])));
    assert!(fires(|node| Relation::These(vec![node.parent().unwrap()])));
    assert!(fires(|_| Relation::None));
    assert!(!fires(|_| Relation::Unknown));
}
