//! Generated expressions are worth what HashiCorp's HCL and cty make of them, or unknown.

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
use plimsoll_document::{Kind, Lookup, Node};
use random::Random;
use serde_json::{Value, json};

/// Variables with their values; `u` has none.
const VARIABLES: &[(&str, &str)] = &[
    ("n", "3"),
    ("z", "0"),
    ("s", "\"web\""),
    ("e", "\"\""),
    ("d", "\"42\""),
    ("t", "true"),
    ("f", "false"),
    ("nil", "null"),
    ("l", "[1,2,3]"),
    ("w", "[\"b\",\"a\",\"b\"]"),
    ("x", "[]"),
    ("o", "{\"a\":1,\"b\":\"two\",\"c\":{\"d\":[true]}}"),
    ("q", "{}"),
    ("r", "[{\"k\":\"x\",\"v\":1},{\"k\":\"y\",\"v\":2}]"),
];

/// What an expression is meant to be worth; one time in twenty it is something else.
#[derive(Clone, Copy)]
enum Kinds {
    Number,
    Text,
    Bool,
    List,
    Object,
}

const KINDS: [Kinds; 5] = [Kinds::Number, Kinds::Text, Kinds::Bool, Kinds::List, Kinds::Object];

/// An expression of at most `depth` levels.
fn expression(random: &mut Random, kind: Kinds, depth: usize) -> String {
    let kind = if random.below(20) == 0 { *random.of(&KINDS) } else { kind };
    if depth == 0 || random.below(8) == 0 {
        return leaf(random, kind);
    }
    let shallow = depth - 1;
    let mut a = |kind: Kinds| expression(random, kind, shallow);
    let (number, text, truth, list, object) = (a(Kinds::Number), a(Kinds::Text), a(Kinds::Bool), a(Kinds::List), a(Kinds::Object));
    let (other, more) = (a(Kinds::Number), a(Kinds::Text));
    let same = expression(random, kind, shallow);
    let choices = match kind {
        Kinds::Number => vec![
            format!("({number} {} {other})", random.of(&["+", "-", "*", "/", "%"])),
            format!("-({number})"),
            format!("length({})", random.of(&[&text, &list, &object])),
            format!("({truth} ? {number} : {same})"),
            format!("{}({number}, {other})", random.of(&["max", "min"])),
            format!("{}({number})", random.of(&["abs", "ceil", "floor", "signum"])),
            format!("{list}[{number}]"),
            format!("({object}).{}", random.of(&["a", "b", "c"])),
            format!("tonumber({text})"),
            format!("parseint({text}, 10)"),
            format!("try({object}.a, {number})"),
            format!("element({list}, {number})"),
        ],
        Kinds::Text => vec![
            format!("\"p-${{{text}}}-${{{number}}}%{{ if {truth} }}y\\n%{{ else }}n%{{ endif }}\""),
            format!("\"%{{ for v in {list} ~}} <${{v}}> %{{ endfor ~}} ${{{more}}}\""),
            format!("({truth} ? {text} : {same})"),
            format!("{}({text})", random.of(&["lower", "upper", "title", "trimspace", "chomp", "strrev", "tostring", "jsonencode"])),
            format!("jsonencode({})", random.of(&[&list, &object, &number])),
            format!("join({text}, {list})"),
            format!("substr({text}, {number}, {other})"),
            format!("{}({text}, {more})", random.of(&["trimprefix", "trimsuffix", "trim"])),
            format!("format(\"%s:%d\", {text}, {number})"),
            format!("format({text}, {more})"),
            format!("({object})[{text}]"),
            format!("try({list}[{number}], {text})"),
            format!("\"${{{text}}}\""),
            format!("indent({number}, {text})"),
        ],
        Kinds::Bool => vec![
            format!("({number} {} {other})", random.of(&["<", "<=", ">", ">=", "==", "!="])),
            format!("({text} {} {more})", random.of(&["==", "!="])),
            format!("({list} == {})", random.of(&[&list, &object, &text])),
            format!("({object} == {same})"),
            format!("({truth} {} {same})", random.of(&["&&", "||"])),
            format!("!{truth}"),
            format!("can({})", random.of(&[&number, &text, &list])),
            format!("contains({list}, {})", random.of(&[&text, &number])),
            format!("tobool({text})"),
            format!("({truth} ? {truth} : {same})"),
        ],
        Kinds::List => vec![
            format!("[{number}, {other}]"),
            format!("[{text}, {more}]"),
            format!("[{}, {}]", random.of(&[&text, &list]), random.of(&[&number, &object])),
            format!("[for v in {list} : v if v != {number}]"),
            format!("[for k, v in {object} : \"${{k}}=${{v}}\"]"),
            format!("concat({list}, {same})"),
            format!("{}({list})", random.of(&["distinct", "flatten", "compact", "toset", "tolist", "reverse", "sort"])),
            format!("{}({object})", random.of(&["keys", "values"])),
            format!("split({text}, {more})"),
            format!("slice({list}, {number}, {other})"),
            format!("{}({list}, {same})", random.of(&["setunion", "setsubtract", "setintersection"])),
            format!("({truth} ? {list} : {same})"),
            format!("({list})[*].{}", random.of(&["k", "v"])),
            format!("({list}).*.k"),
            format!("range({number})"),
            format!("chunklist({list}, {number})"),
        ],
        Kinds::Object => vec![
            format!("{{ a = {number}, \"b\" = {text} }}"),
            format!("{{ ({text}) = {number}, c = {list} }}"),
            format!("{{ for k, v in {object} : upper(k) => v }}"),
            format!("{{ for v in {list} : \"k${{v}}\" => {number}... }}"),
            format!("merge({object}, {same})"),
            format!("({truth} ? {object} : {same})"),
            format!("zipmap({list}, {list})"),
            format!("tomap({object})"),
        ],
    };
    random.of(&choices).clone()
}

fn leaf(random: &mut Random, kind: Kinds) -> String {
    let choices: &[&str] = match kind {
        _ if random.below(40) == 0 => &["var.u", "null", "var.nil"],
        Kinds::Number => &["0", "1", "2", "7", "-3", "0.5", "10", "var.n", "var.z", "var.d", "var.o.a", "1e2"],
        Kinds::Text => &[
            "\"a\"",
            "\"b\"",
            "\"1\"",
            "\"true\"",
            "\"x y\"",
            "\"\"",
            "\",\"",
            "\"%s\"",
            "var.s",
            "var.e",
            "var.d",
            "var.o.b",
            "\"a,b,,c\"",
            "\"<&>\\t\"",
        ],
        Kinds::Bool => &["true", "false", "var.t", "var.f", "var.o.c.d[0]", "\"true\""],
        Kinds::List => &["[\"b\", \"a\"]", "[]", "[[1], [2, 3]]", "var.l", "var.w", "var.x", "var.r", "[true, \"x\"]", "[null, \"x\"]"],
        Kinds::Object => &["{ a = 1 }", "{}", "var.o", "var.q", "var.r[1]", "{ x = \"y\", a = \"b\" }"],
    };
    (*random.of(choices)).to_owned()
}

fn module(expressions: &[String]) -> String {
    let mut text: String = VARIABLES.iter().map(|(name, value)| format!("variable \"{name}\" {{\n  default = {value}\n}}\n")).collect();
    text.push_str("variable \"u\" {}\nlocals {\n");
    for (at, expression) in expressions.iter().enumerate() {
        text.push_str(&format!("  x{at} = {expression}\n"));
    }
    text.push_str("}\n");
    text
}

fn equal(node: Node<'_>, known: &Value) -> Option<bool> {
    let both = |all: Option<bool>, one: Option<bool>| match (all, one) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    match node.kind() {
        Kind::Unknown => None,
        Kind::Null => Some(known.is_null()),
        Kind::Bool => Some(node.as_bool() == known.as_bool()),
        // The branch that is not taken would have made a string of it, had it no mistake.
        Kind::Number if known.as_str().is_some_and(|text| text.parse().ok() == node.as_f64()) => None,
        Kind::Number => Some(node.as_f64().zip(known.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * b.abs())),
        Kind::String => Some(node.as_str() == known.as_str()),
        Kind::List => {
            let items = known.as_array()?;
            let start = Some(items.len() == node.len() as usize);
            node.children().zip(items).map(|(node, known)| equal(node, known)).fold(start, both)
        }
        Kind::Map => {
            let Some(entries) = known.as_object() else { return Some(false) };
            let start = Some(node.children().all(|child| entries.contains_key(child.key())));
            let one = |(key, known): (&String, &Value)| match node.get_text(key) {
                Lookup::Present(node) => equal(node, known),
                Lookup::Absent => Some(false),
                Lookup::Unknown(_) => None,
            };
            entries.iter().map(one).fold(start, both)
        }
        Kind::Ref => Some(false),
    }
}

#[test]
fn expressions_are_worth_what_the_reference_says() {
    let mut random = Random(42);
    let expressions: Vec<String> = (0..6000).map(|at| expression(&mut random, KINDS[at % 5], 1 + at % 3)).collect();
    let variables: Value = VARIABLES
        .iter()
        .map(|(name, value)| ((*name).to_owned(), serde_json::from_str(value).unwrap()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let cases: Vec<Value> =
        expressions.iter().map(|expression| json!({ "expression": expression, "variables": variables, "unknown": ["u"] })).collect();
    let Some(answers) = ask::<_, Value>("hcl-expression", &cases) else { return };
    let text = module(&expressions);
    let parsed = support::main_tf(&text);
    assert_eq!(parsed.problems, []);
    let (mut same, mut unknown, mut faults, mut wrong, mut unsure) = (0, 0, 0, vec![], std::collections::BTreeMap::<String, usize>::new());
    let locals = support::at(&parsed.document, "locals").unwrap();
    for ((expression, answer), node) in expressions.iter().zip(&answers).zip(locals.children()) {
        assert!(answer["refused"].is_null(), "{expression}: {answer}");
        if let Some(known) = answer.get("known") {
            match equal(node, known) {
                Some(true) => same += 1,
                Some(false) => wrong.push(format!("{expression}\n    is {known}\n  here {}", support::show(node))),
                None => {
                    unknown += 1;
                    *unsure.entry(first_cause(node)).or_default() += 1;
                }
            }
            continue;
        }
        // Where the reference stops with an error or does not know, nothing may be claimed.
        faults += 1;
        let error = answer["error"].as_str().unwrap_or_default();
        if wholly_known(node) && !known_by_type_alone(expression, error) {
            wrong.push(format!("{expression}\n    is {}\n  here {}", error.replace('\n', " "), support::show(node)));
        }
    }
    eprintln!("{same} the same, {faults} neither here nor there, {unknown} unknown here only, {} wrong", wrong.len());
    for (cause, count) in &unsure {
        eprintln!("{count:5} {cause}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unknown * 30 <= same, "{unknown} unknown here only");
}

/// Mistakes that the reference finds in the types of what is never evaluated: values here do not keep the type of absent elements, nor
/// that of a branch which is not taken and has a mistake.
fn known_by_type_alone(expression: &str, error: &str) -> bool {
    error.contains("attributes on a primitive-typed value")
        || error.contains("must all have compatible element types")
        || error.contains("Inconsistent conditional result types")
        || (error.contains("Invalid function argument") && expression.contains("for "))
}

fn first_cause(node: Node<'_>) -> String {
    node.cause().map_or_else(|| node.children().map(first_cause).find(|cause| !cause.is_empty()).unwrap_or_default(), str::to_owned)
}

fn wholly_known(node: Node<'_>) -> bool {
    node.kind() != Kind::Unknown && !node.flags().has(plimsoll_document::Flags::OPEN) && node.children().all(wholly_known)
}
