//! CEL's own conformance vectors, read through Go from the module that carries them.
//!
//! Every vector passes or is left out for a reason that stands here: a feature that documents have no use for, told by what our compiler
//! says, or one of [`DIFFERENT`]. A vector that fails in any other way fails the test, and so does an entry that excuses nothing.

use crate::ask::ask;
use crate::fixture::{Ran, evaluate_with};
use crate::reference::sorted;
use plimsoll_condition::{Json, Value, to_json};
use std::collections::BTreeMap;

/// Vectors that pass. Only grows.
const FLOOR: usize = 871;

/// What our compiler says of features that conditions do not have, and their names.
const MISSING: &[(&str, &str)] = &[
    ("documents hold no uint", "uint"),
    ("documents hold no `uint`", "uint"),
    ("there is no variable `uint`", "uint"),
    ("documents hold no bytes", "bytes"),
    ("documents hold no `bytes`", "bytes"),
    ("there is no variable `bytes`", "bytes"),
    ("documents hold no `duration`", "durations and timestamps"),
    ("documents hold no `timestamp`", "durations and timestamps"),
    ("messages do not exist here", "messages"),
    ("unsupported syntax", "optional values"),
];

/// Vectors that differ, by file, section and name (`*` for all), with the reason.
const DIFFERENT: &[(&str, &str, &str, &str)] = &[
    ("block_ext", "*", "*", "`cel.block` is for optimisers to write"),
    ("encoders_ext", "*", "*", "no base64"),
    ("enums", "*", "*", "no enums"),
    ("fields", "qualified_identifier_resolution", "*", "variables have no dots in their names"),
    ("macros2", "transformList", "*", "`map` with one variable is all there is"),
    ("macros2", "transformMap", "*", "`map` with one variable is all there is"),
    ("math_ext", "*", "*", "no math extension"),
    ("namespace", "*", "*", "names are looked up in no container, and have no dots"),
    ("optionals", "*", "*", "no optional values"),
    ("string_ext", "format", "*", "a message is a template"),
    ("string_ext", "quote", "*", "no `strings.quote`"),
    ("timestamps", "*", "*", "no durations and timestamps"),
];

/// What became of a vector.
enum Standing {
    Passed,
    /// It needs what conditions do not have.
    Missing(&'static str),
    Failed(String),
}

fn text<'v>(vector: &'v Json, key: &str) -> &'v str {
    vector.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// The one key of a tagged value, and what is behind it.
fn tagged(value: &Json) -> Option<(&str, &Json)> {
    match value {
        Json::Map(entries) => entries.first().map(|(kind, value)| (kind.as_str(), value)),
        _ => None,
    }
}

/// A bound value as a document would hold it; `Err` names what a document cannot hold.
fn bound(value: &Json) -> Result<Json, &'static str> {
    let (kind, value) = tagged(value).unwrap();
    let number = || value.as_str().unwrap().parse::<f64>().unwrap();
    match kind {
        "null" | "bool" | "string" => Ok(value.clone()),
        "int" if number().abs() < 9e15 => Ok(Json::Number(number())),
        "double" if number().fract() != 0.0 => Ok(Json::Number(number())),
        "int" | "double" => Err("numbers that a document reads as the other kind"),
        "list" => value.as_list().unwrap().iter().map(bound).collect::<Result<_, _>>().map(Json::List),
        "map" => {
            let entry = |pair: &Json| {
                let pair = pair.as_list().unwrap();
                match tagged(&pair[0]).unwrap() {
                    ("string", Json::String(key)) => Ok((key.clone(), bound(&pair[1])?)),
                    _ => Err("keys that are no text"),
                }
            };
            value.as_list().unwrap().iter().map(entry).collect::<Result<_, _>>().map(Json::Map)
        }
        _ => Err("values that documents do not hold"),
    }
}

/// An expected value as ours print; `None` if it holds what documents do not.
fn expected(value: &Json) -> Option<Json> {
    let (kind, value) = tagged(value)?;
    Some(match kind {
        "null" | "bool" | "string" | "type" => value.clone(),
        "int" | "double" => Json::Number(value.as_str()?.parse().ok()?),
        "list" => Json::List(value.as_list()?.iter().map(expected).collect::<Option<_>>()?),
        "map" => {
            let entry = |pair: &Json| {
                let pair = pair.as_list()?;
                let key = match tagged(&pair[0])? {
                    ("bool", Json::Bool(key)) => key.to_string(),
                    (_, key) => key.as_str()?.to_owned(),
                };
                Some((key, expected(&pair[1])?))
            };
            let mut entries: Vec<_> = value.as_list()?.iter().map(entry).collect::<Option<_>>()?;
            entries.sort_by(|a: &(String, Json), b| a.0.cmp(&b.0));
            Json::Map(entries)
        }
        _ => return None,
    })
}

/// Whether a value is the expected one. Numbers at the top keep their type and all their digits; inside lists and maps they compare as JSON.
fn is(value: &Value<'_>, want: &Json) -> bool {
    let (kind, inner) = tagged(want).unwrap();
    match (kind, value) {
        ("int", Value::Int(number)) => inner.as_str() == Some(number.to_string().as_str()),
        ("double", Value::Double(number)) => {
            inner.as_str().unwrap().parse::<f64>().is_ok_and(|want| want == *number || (want.is_nan() && number.is_nan()))
        }
        ("int" | "double", _) | (_, Value::Int(_) | Value::Double(_)) => false,
        _ => to_json(value).is_some_and(|value| Some(sorted(&value)) == expected(want)),
    }
}

fn standing(vector: &Json) -> Standing {
    if vector.get("noMacros") == Some(&Json::Bool(true)) {
        return Standing::Missing("reading without macros");
    }
    if vector.get("checkOnly") == Some(&Json::Bool(true)) {
        return Standing::Missing("deduced types alone: those of conditions are a schema's");
    }
    let Some(Json::Map(bindings)) = vector.get("bindings") else { panic!("a vector has bindings") };
    let mut vars = vec![];
    for (name, value) in bindings {
        match bound(value) {
            Ok(value) => vars.push((name.clone(), value)),
            Err(why) => return Standing::Missing(why),
        }
    }
    let fails = vector.get("error") == Some(&Json::Bool(true));
    let want = vector.get("value").filter(|value| **value != Json::Null);
    evaluate_with(text(vector, "expr"), &Json::Map(vars), &|ran| match ran {
        Ran::Refused(message) => match MISSING.iter().find(|(part, _)| message.contains(part)) {
            Some((_, feature)) => Standing::Missing(feature),
            // What cannot be evaluated is told before it is.
            None if fails => Standing::Passed,
            None if vector.get("noCheck") == Some(&Json::Bool(true)) => Standing::Missing("evaluation of what a checker refuses"),
            None => Standing::Failed(format!("refused: {message}")),
        },
        Ran::Value(Value::Error(_)) if fails => Standing::Passed,
        Ran::Value(value) => match want {
            Some(want) if !fails && is(value, want) => Standing::Passed,
            Some(want) => Standing::Failed(format!("{value:?}, not {want}")),
            None => Standing::Failed(format!("{value:?}, not an error")),
        },
    })
}

#[test]
fn vectors_pass_or_are_left_out_for_a_reason() {
    let Some(answer) = ask::<_, Json>("vectors", &[Json::Null]) else { return };
    let vectors = answer[0].as_list().unwrap();
    assert!(vectors.len() > 2000, "the vectors are read");
    let mut passed = 0;
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut excused = vec![0; DIFFERENT.len()];
    let mut failed = vec![];
    for vector in vectors {
        let [file, section, name] = ["file", "section", "name"].map(|key| text(vector, key));
        match standing(vector) {
            Standing::Passed => passed += 1,
            Standing::Missing(feature) => *missing.entry(feature).or_default() += 1,
            Standing::Failed(how) => {
                let fits = |pattern: &str, text: &str| pattern == "*" || pattern == text;
                let reason = DIFFERENT.iter().position(|(f, s, n, _)| fits(f, file) && fits(s, section) && fits(n, name));
                match reason {
                    Some(at) => excused[at] += 1,
                    None => failed.push(format!("{file}/{section}/{name}: {}\n    {how}", text(vector, "expr"))),
                }
            }
        }
    }
    let stale: Vec<_> = DIFFERENT.iter().zip(&excused).filter(|(_, count)| **count == 0).map(|(entry, _)| entry).collect();
    let left_out: usize = missing.values().sum::<usize>() + excused.iter().sum::<usize>();
    assert!(failed.is_empty(), "{} of {} fail, {passed} pass:\n{}\n{missing:?}", failed.len(), vectors.len(), failed.join("\n"));
    assert!(stale.is_empty(), "nothing differs there any more: {stale:?}");
    assert_eq!(passed + left_out, vectors.len());
    assert!(passed >= FLOOR, "{passed} vectors pass, {FLOOR} did; left out: {missing:?}");
}
