//! Conditions: CEL text and variables as JSON; and bytes that claim to be a compiled program.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_condition::compile::{Environment, expression};
use plimsoll_condition::{CompiledRule, Json, Located, NoRelations, PolicySettings, Program, Scope, Value, from_json, to_json};
use plimsoll_fuzz::project::Project;

const NAMES: [&str; 4] = ["a", "b", "c", "m"];
const VALUES: &str = r#"{"a": [1, 2, "x"], "b": {"a": true, "b": 1.5}, "c": "text", "m": {"a": "a", "b": [], "c": {"d": 8080}}}"#;

/// What an expression came to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Known(Json),
    Unknown,
    Error,
}

fn evaluate(program: &Program, values: &[Json; 4], unknown: Option<usize>) -> Outcome {
    let variables: Vec<Value<'_>> =
        values.iter().enumerate().map(|(at, json)| if unknown == Some(at) { Value::Unknown } else { from_json(json) }).collect();
    match program.evaluate(Scope { variables: &variables, relations: &NoRelations }) {
        Value::Unknown => Outcome::Unknown,
        Value::Error(_) => Outcome::Error,
        value => to_json(&value).map_or(Outcome::Unknown, Outcome::Known),
    }
}

/// Loops in loops and values that double take time and memory without end; in the sandbox fuel and memory end them, here nothing does.
fn is_small(text: &str) -> bool {
    let loops = ["all", "exists", "map", "filter", "bind", "replace", "join"];
    text.len() < 600 && loops.iter().map(|name| text.matches(name).count()).sum::<usize>() <= 4
}

fuzz_target!(|data: &[u8]| -> Corpus {
    // Bytes that nobody compiled are refused or are some program; what was read is written as the same bytes' meaning.
    if let Ok(program) = Program::decode(data, 4) {
        let written = program.encode();
        let again = Program::decode(&written, 4).expect("what was written is read");
        assert_eq!(again.encode(), written);
    }
    if let Ok(rule) = CompiledRule::decode(data) {
        let written = rule.encode();
        assert_eq!(CompiledRule::decode(&written).expect("what was written is read").encode(), written);
    }
    if let Ok(settings) = PolicySettings::decode(data) {
        assert!(PolicySettings::decode(&settings.encode()).is_ok());
    }
    let project = Project::read("text", data);
    let Ok(text) = std::str::from_utf8(&project.0["text"]) else { return Corpus::Keep };
    let json = project.0.get("json").and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| Json::parse(text).ok());
    if let Some(json) = &json {
        let again = Json::parse(&json.to_string()).expect("JSON that was written is read");
        assert_eq!(again.to_string(), json.to_string());
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    let located = Located::new(text.to_owned(), 7, 3);
    let program = match expression(&located, &Environment::untyped(&NAMES)) {
        Ok((program, _)) => program,
        Err(error) => {
            let lines = text.matches('\n').count() as u32;
            assert!((7..=7 + lines).contains(&error.line) && !error.message.is_empty(), "{error:?}");
            return Corpus::Keep;
        }
    };
    let loaded = Program::decode(&program.encode(), 4).expect("what was compiled is loaded");
    if !is_small(text) {
        return Corpus::Keep;
    }
    let fallback = Json::parse(VALUES).expect("JSON");
    let values =
        NAMES.map(|name| json.as_ref().and_then(|json| json.get(name)).or_else(|| fallback.get(name)).cloned().unwrap_or_default());
    let whole = evaluate(&program, &values, None);
    assert_eq!(evaluate(&loaded, &values, None), whole, "it means something else once loaded");
    for unknown in 0..NAMES.len() {
        // What is told without a variable is told whatever the variable is.
        if let Outcome::Known(partly) = evaluate(&program, &values, Some(unknown)) {
            assert_eq!(whole, Outcome::Known(partly), "`{}` unknown told another value", NAMES[unknown]);
        }
    }
    Corpus::Keep
});
