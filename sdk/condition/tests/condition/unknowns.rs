//! The third truth value, and what absent means.

use crate::fixture::{Outcome, evaluate, json, on_self};
use plimsoll_condition::Json;
use proptest::prelude::*;

fn check(vars: &str, cases: &[(&str, Outcome)]) {
    for (text, expected) in cases {
        assert_eq!(&evaluate(text, &json(vars)), expected, "{text}");
    }
}

const fn yes() -> Outcome {
    Outcome::Known(Json::Bool(true))
}

const fn no() -> Outcome {
    Outcome::Known(Json::Bool(false))
}

#[test]
fn logic_is_decided_by_what_decides() {
    let vars = r#"{"u":{"$unknown":0},"t":true,"f":false,"n":1}"#;
    check(
        vars,
        &[
            ("u && f", no()),
            ("f && u", no()),
            ("u && t", Outcome::Unknown),
            ("u || t", yes()),
            ("u || f", Outcome::Unknown),
            ("!u", Outcome::Unknown),
            ("u ? 1 : 1", Outcome::Unknown),
            ("t ? u : 1", Outcome::Unknown),
            ("u == u", Outcome::Unknown),
            ("u.a.b == 1", Outcome::Unknown),
            ("has(u.a)", Outcome::Unknown),
            ("u in [1]", Outcome::Unknown),
            ("size(u) > 0", Outcome::Unknown),
            ("u.exists(x, true)", Outcome::Unknown),
            // Of an unknown and an error the unknown wins.
            ("n / 0 == 1 || u", Outcome::Unknown),
            ("u && n / 0 == 1", Outcome::Unknown),
            ("[u, 1] == [2, 2]", no()),
            ("1 in [u, 1]", yes()),
            ("2 in [u, 1]", Outcome::Unknown),
            ("size([u, 1])", Outcome::Known(Json::Number(2.0))),
            ("{'a': u}.a == 1 || {'a': u, 'b': 2}.b == 2", yes()),
        ],
    );
}

#[test]
fn open_lists_and_maps_may_hold_more() {
    let vars = r#"{"l":{"$open":[1,2]},"m":{"$open":{"a":1}},"e":{"$open":[]}}"#;
    check(
        vars,
        &[
            ("m.a == 1", yes()),
            ("m.b == 1", Outcome::Unknown),
            ("has(m.a)", yes()),
            ("has(m.b)", Outcome::Unknown),
            ("'b' in m", Outcome::Unknown),
            ("2 in l", yes()),
            ("3 in l", Outcome::Unknown),
            ("size(l)", Outcome::Unknown),
            ("l[0]", Outcome::Unknown),
            ("l.all(x, x > 1)", no()),
            ("l.all(x, x > 0)", Outcome::Unknown),
            ("l.exists(x, x == 2)", yes()),
            ("l.exists(x, x == 3)", Outcome::Unknown),
            ("e.all(x, false)", Outcome::Unknown),
            ("l.exists_one(x, x > 0)", no()),
            ("l.exists_one(x, x > 1)", Outcome::Unknown),
            ("l.filter(x, x > 1).exists(x, x == 2)", yes()),
            ("l.map(x, x * 2).all(x, x > 2)", no()),
            ("l == [1, 2]", Outcome::Unknown),
            ("l == [1]", no()),
            ("m == {'b': 2}", no()),
            ("m == {'a': 1}", Outcome::Unknown),
            ("l.map(x, string(x)).join()", Outcome::Unknown),
        ],
    );
}

#[test]
fn what_may_exist_counts_as_there_or_not() {
    let vars = r#"{"l":[1,{"$maybe":2}],"m":{"a":{"$maybe":1},"b":2}}"#;
    check(
        vars,
        &[
            ("m.a", Outcome::Unknown),
            ("m.b", Outcome::Known(Json::Number(2.0))),
            ("has(m.a)", Outcome::Unknown),
            ("'a' in m", Outcome::Unknown),
            ("size(l)", Outcome::Unknown),
            ("size(m)", Outcome::Unknown),
            ("2 in l", Outcome::Unknown),
            ("1 in l", yes()),
            ("l[0]", Outcome::Unknown),
            ("l.all(x, x < 2)", Outcome::Unknown),
            ("l.all(x, x > 0)", yes()),
            ("l.exists(x, x == 2)", Outcome::Unknown),
            ("l.exists(x, x == 3)", no()),
            ("l.filter(x, x == 2).all(x, x == 2)", yes()),
            ("l.filter(x, x == 2).exists(x, true)", Outcome::Unknown),
            ("l == [1, 2, 3]", no()),
            ("l == [1, 2]", Outcome::Unknown),
        ],
    );
}

#[test]
fn absent_fields_of_the_schema_read_as_null() {
    let none = json(r#"{"image":"x"}"#);
    let cases = [
        ("self.restart == null", yes()),
        ("has(self.restart)", no()),
        ("has(self.image)", yes()),
        ("self.deploy.resources.limits.memory == null", yes()),
        ("has(self.deploy.resources)", no()),
        ("'team' in self.labels", no()),
        ("has(self.labels.team)", no()),
        ("size(self.ports) == 0 && self.ports.all(p, false) && !self.ports.exists(p, true)", yes()),
        ("self.ports.map(p, p.published) == []", yes()),
        ("self['image'] == 'x'", yes()),
    ];
    for (text, expected) in cases {
        assert_eq!(on_self("compose", "Service", text, &none), expected, "{text}");
    }
    for (text, part) in
        [("self.labels.team == 'x'", "no such key `team`"), ("self.ports[0].published", "out of bounds"), ("!self.privileged", "== true")]
    {
        match on_self("compose", "Service", text, &none) {
            Outcome::Error(message) => assert!(message.contains(part), "{text}: {message}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_written_null_is_as_good_as_absent_but_a_free_key_is_there() {
    let service = json(r#"{"image":null,"environment":{"A":null,"B":{"$unknown":0}}}"#);
    for (text, expected) in [
        ("has(self.image)", no()),
        ("has(self.environment.A)", yes()),
        ("'A' in self.environment", yes()),
        ("'B' in self.environment", yes()),
        ("self.environment.B == 'x'", Outcome::Unknown),
    ] {
        assert_eq!(on_self("compose", "Service", text, &service), expected, "{text}");
    }
}

#[test]
fn free_form_parts_of_a_document_read_as_null_too() {
    let resource = json(r#"{"type":"aws_s3_bucket","name":"b","body":{"versioning":[{"enabled":true}],"tags":{"$unknown":0}}}"#);
    for (text, expected) in [
        ("self.body.acl == null && self.body.acl != 'public-read'", yes()),
        ("self.body.logging.exists(l, true)", no()),
        ("self.body.versioning.exists(v, v.enabled == true)", yes()),
        ("self.body.versioning[0].mfa_delete == null", yes()),
        ("has(self.body.tags)", Outcome::Unknown),
        ("'tags' in self.body", yes()),
    ] {
        assert_eq!(on_self("terraform", "Resource", text, &resource), expected, "{text}");
    }
}

/// A formula over three variables.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("a".to_owned()), Just("b".to_owned()), Just("c".to_owned()), Just("1 / 0 == 1".to_owned())];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}].all(x, x)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("[{a}, {b}].exists(x, x)")),
        ]
    })
}

fn with(values: [Option<bool>; 3]) -> Json {
    let value = |value: Option<bool>| value.map_or_else(|| json(r#"{"$unknown":0}"#), Json::Bool);
    Json::Map(["a", "b", "c"].into_iter().zip(values).map(|(name, of)| (name.to_owned(), value(of))).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is decided with unknowns stays so whatever they turn out to be; and a known outcome knows everything.
    #[test]
    fn a_decision_holds_for_every_way_the_unknowns_turn_out(text in formula(), mask in 0_u8..8, truth in 0_u8..8) {
        let all = |unknown: u8, truth: u8| core::array::from_fn(|at| (unknown >> at & 1 == 0).then_some(truth >> at & 1 == 1));
        let partial = evaluate(&text, &with(all(mask, truth)));
        let completions: Vec<Outcome> = (0..8_u8).filter(|other| (0..3).all(|at| mask >> at & 1 == 1 || (other ^ truth) >> at & 1 == 0)).map(|other| evaluate(&text, &with(all(0, other)))).collect();
        for completion in &completions {
            prop_assert_ne!(completion, &Outcome::Unknown);
            if let Outcome::Known(value) = &partial {
                prop_assert!(matches!(completion, Outcome::Known(other) if other == value) || matches!(completion, Outcome::Error(_)), "{} {:?}", text, completion);
            }
            if let Outcome::Error(_) = &partial {
                prop_assert!(matches!(completion, Outcome::Error(_)), "{} {:?}", text, completion);
            }
        }
    }
}
