//! Documents from JSON, and expressions over them.

use plimsoll_condition::compile::{self, Environment, Ty};
use plimsoll_condition::{CompileError, Json, Located, NoRelations, Program, Scope, Value, to_json};
use plimsoll_document::{Builder, Document, Flags, Key, KeyTable, NodeId, Span, Value as Written};

const NOWHERE: Span = Span::new(0, 0, 0);

/// A document of `target` that holds `json`. Special objects: `{"$unknown": 0}` is an unknown node, `{"$open": x}` is `x` that may hold
/// more, `{"$maybe": x}` is `x` that may not exist.
pub(crate) fn document(target: &'static str, json: &Json) -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new(target, &keys);
    builder.source("test", "");
    let (json, flags) = special(json);
    let root = builder.root(scalar(json), NOWHERE);
    builder.flag(root, flags);
    children(&mut builder, root, json);
    builder.finish()
}

fn special(json: &Json) -> (&Json, Flags) {
    match json {
        Json::Map(entries) => match entries.as_slice() {
            [(key, value)] if key == "$open" => (value, special(value).1 | Flags::OPEN),
            [(key, value)] if key == "$maybe" => {
                let (inner, flags) = special(value);
                (inner, flags | Flags::MAY_EXIST)
            }
            _ => (json, Flags::NONE),
        },
        _ => (json, Flags::NONE),
    }
}

fn scalar(json: &Json) -> Written<'_> {
    match json {
        Json::Null => Written::Null,
        Json::Bool(value) => Written::Bool(*value),
        Json::Number(number) => Written::Number(*number),
        Json::String(text) => Written::String(text),
        Json::List(_) => Written::List,
        Json::Map(entries) if entries.first().is_some_and(|(key, _)| key == "$unknown") => Written::Unknown("the test says so"),
        Json::Map(_) => Written::Map,
    }
}

fn children(builder: &mut Builder<'_>, node: NodeId, json: &Json) {
    match json {
        Json::List(items) => {
            for item in items {
                let (item, flags) = special(item);
                let child = builder.item(node, scalar(item), NOWHERE);
                builder.flag(child, flags);
                children(builder, child, item);
            }
        }
        Json::Map(entries) if entries.first().is_none_or(|(key, _)| key != "$unknown") => {
            for (key, value) in entries {
                let (value, flags) = special(value);
                let child = builder.entry(node, Key::fact(key), scalar(value), NOWHERE);
                builder.flag(child, flags);
                children(builder, child, value);
            }
        }
        _ => {}
    }
}

/// What an expression came to, in a form that can be compared and printed.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Outcome {
    Known(Json),
    Unknown,
    Error(String),
    Refused(String),
}

/// Evaluates `text` over the entries of `vars`, as CEL has it (no schema).
pub(crate) fn evaluate(text: &str, vars: &Json) -> Outcome {
    evaluate_with(text, vars, &|ran| match ran {
        Ran::Value(value) => outcome(value),
        Ran::Refused(message) => Outcome::Refused(message),
    })
}

/// Evaluates `text` over `self`, which is a `ty` of `target`'s schema.
pub(crate) fn on_self(target: &'static str, ty: &str, text: &str, this: &Json) -> Outcome {
    match compile(text, &environment(target, ty)) {
        Ok(program) => run(&program, &Json::Map(vec![("self".to_owned(), this.clone())])),
        Err(error) => Outcome::Refused(error.message),
    }
}

pub(crate) fn environment(target: &str, ty: &str) -> Environment {
    let ty = plimsoll_document::schema::find(target, ty).unwrap();
    Environment { variables: vec![("self".to_owned(), Ty::Named(compile::Named(ty)))], relations: vec![] }
}

pub(crate) fn compile(text: &str, environment: &Environment) -> Result<Program, CompileError> {
    compile::expression(&Located::new(text.to_owned(), 1, 1), environment).map(|(program, _)| program)
}

fn run(program: &Program, vars: &Json) -> Outcome {
    with_value(program, vars, &outcome)
}

fn with_value<T>(program: &Program, vars: &Json, see: &dyn Fn(&Value<'_>) -> T) -> T {
    // What is compiled is what is loaded: every test goes through the bytes.
    let count = if let Json::Map(entries) = vars { entries.len() } else { 0 };
    let program = Program::decode(&program.encode(), count as u32).unwrap();
    let document = document("compose", vars);
    let values: Vec<Value<'_>> = document.doc().root().children().map(Value::of).collect();
    see(&program.evaluate(Scope { variables: &values, relations: &NoRelations }))
}

/// An expression evaluated, or why it does not compile.
pub(crate) enum Ran<'v> {
    Value(&'v Value<'v>),
    Refused(String),
}

/// Evaluates `text` over the entries of `vars`, and shows the value itself.
pub(crate) fn evaluate_with<T>(text: &str, vars: &Json, see: &dyn Fn(Ran<'_>) -> T) -> T {
    let Json::Map(entries) = vars else { panic!("variables are an object") };
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    match compile(text, &Environment::untyped(&names)) {
        Ok(program) => with_value(&program, vars, &|value| see(Ran::Value(value))),
        Err(error) => see(Ran::Refused(error.message)),
    }
}

pub(crate) fn outcome(value: &Value<'_>) -> Outcome {
    match value {
        Value::Unknown => Outcome::Unknown,
        Value::Error(failure) => Outcome::Error(failure.message().to_owned()),
        // A list with an unknown item is no more than partly known.
        value => to_json(value).map_or(Outcome::Unknown, Outcome::Known),
    }
}

pub(crate) fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}
