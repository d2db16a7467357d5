//! The same expressions, here and in cel-go.

use crate::ask::ask;
use crate::fixture::{Outcome, evaluate};
use crate::generated::Generator;
use plimsoll_condition::Json;

const CASES: u64 = 3000;

struct Case {
    text: String,
    vars: Json,
    unknown: Vec<&'static str>,
}

/// Asks cel-go.
fn ask_cel(cases: &[Case]) -> Option<Vec<Json>> {
    let line = |case: &Case| {
        let unknown = Json::list(case.unknown.iter().copied());
        Json::Map(vec![("expr".into(), case.text.as_str().into()), ("vars".into(), case.vars.clone()), ("unknown".into(), unknown)])
    };
    ask("condition", &cases.iter().map(line).collect::<Vec<_>>())
}

/// The reference's values as ours print: types as names, doubles as numbers.
fn plain(json: &Json) -> Json {
    match json {
        Json::List(items) => Json::List(items.iter().map(plain).collect()),
        Json::Map(entries) => match entries.as_slice() {
            [(key, Json::String(text))] if key == "double" => text.parse().map_or(Json::Null, Json::Number),
            [(key, name)] if key == "type" => name.clone(),
            [(key, Json::Map(entries))] if key == "map" => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                Json::Map(entries)
            }
            _ => json.clone(),
        },
        other => other.clone(),
    }
}

/// Maps in the order of their keys, as the reference's have none.
pub(crate) fn sorted(json: &Json) -> Json {
    match json {
        Json::List(items) => Json::List(items.iter().map(sorted).collect()),
        Json::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Map(entries)
        }
        // Infinities are null in JSON.
        Json::Number(number) if !number.is_finite() => Json::Null,
        other => other.clone(),
    }
}

fn with_unknowns(vars: &Json, unknown: &[&str]) -> Json {
    let mark = || Json::Map(vec![("$unknown".to_owned(), Json::Null)]);
    let Json::Map(entries) = vars else { return vars.clone() };
    let entry = |(name, value): &(String, Json)| {
        if unknown.contains(&name.as_str()) {
            return (name.clone(), mark());
        }
        let mut value = value.clone();
        if let Json::Map(inner) = &mut value {
            for path in unknown.iter().filter_map(|path| path.strip_prefix("m.").filter(|_| name == "m")) {
                inner.retain(|(key, _)| key != path);
                inner.push(((*path).to_owned(), mark()));
            }
        }
        (name.clone(), value)
    };
    Json::Map(entries.iter().map(entry).collect())
}

#[test]
fn values_unknowns_and_errors_are_those_of_cel_go() {
    let mut cases = vec![];
    for seed in 0..CASES {
        let mut generator = Generator::new(seed + 1);
        let text = generator.expression();
        let vars = Json::parse(&generator.variables()).unwrap();
        cases.push(Case { text, vars, unknown: generator.unknown() });
    }
    let Some(answers) = ask_cel(&cases) else { return };
    let mut tally = [0; 4];
    let mut wrong = vec![];
    let mut decided = vec![];
    for (case, answer) in cases.iter().zip(&answers) {
        let ours = evaluate(&case.text, &with_unknowns(&case.vars, &case.unknown));
        let same = match (&ours, answer) {
            // Each checker refuses some mixtures of literals that the other evaluates to an error.
            (Outcome::Refused(_), _) | (_, Json::Map(_)) if answer.get("refused").is_some() || matches!(ours, Outcome::Refused(_)) => {
                tally[3] += 1;
                true
            }
            (Outcome::Known(value), _) if answer.get("value").is_some() => {
                tally[0] += 1;
                sorted(value) == sorted(&plain(answer.get("value").unwrap()))
            }
            (Outcome::Unknown, _) if answer.get("unknown").is_some() => {
                tally[1] += 1;
                true
            }
            (Outcome::Error(_), _) if answer.get("error").is_some() => {
                tally[2] += 1;
                true
            }
            // cel-go iterates over text, of which CEL's definition of macros knows nothing.
            (Outcome::Error(message), _) if message == "`a macro` does not take string" => true,
            // What we decide and cel-go does not is tried below with the unknowns filled in.
            (Outcome::Known(_) | Outcome::Error(_), _) if answer.get("unknown").is_some() => {
                decided.push((case, ours.clone()));
                true
            }
            _ => false,
        };
        if !same {
            wrong.push(format!("{}\n  with {} unknown {:?}\n  ours {ours:?}\n  cel-go {answer}", case.text, case.vars, case.unknown));
        }
    }
    assert!(wrong.is_empty(), "{} of {CASES} differ:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(tally[..3].iter().all(|count| *count > 100), "the cases are one-sided: {tally:?}");
    assert!(tally[3] < CASES as usize / 2, "most cases are refused: {tally:?}");
    completions(&decided);
}

/// Whatever the unknowns turn out to be, cel-go says what we said, or fails.
fn completions(decided: &[(&Case, Outcome)]) {
    let mut cases = vec![];
    let mut expected = vec![];
    for (seed, (case, ours)) in decided.iter().enumerate() {
        for round in 0..8 {
            let mut generator = Generator::new(seed as u64 * 8 + round + 1_000_000);
            let mut vars = case.vars.clone();
            if let Json::Map(entries) = &mut vars {
                for (name, value) in entries {
                    if case.unknown.contains(&name.as_str()) {
                        *value = Json::parse(&generator.value(2)).unwrap();
                    } else if let (Json::Map(inner), "m") = (&mut *value, name.as_str()) {
                        for path in case.unknown.iter().filter_map(|path| path.strip_prefix("m.")) {
                            inner.retain(|(key, _)| key != path);
                            inner.push((path.to_owned(), Json::parse(&generator.value(1)).unwrap()));
                        }
                    }
                }
            }
            cases.push(Case { text: case.text.clone(), vars, unknown: vec![] });
            expected.push(ours);
        }
    }
    let Some(answers) = ask_cel(&cases) else { return };
    for ((case, ours), answer) in cases.iter().zip(expected).zip(&answers) {
        let holds = match (ours, answer.get("value")) {
            (Outcome::Known(value), Some(theirs)) => sorted(value) == sorted(&plain(theirs)),
            _ => answer.get("error").is_some(),
        };
        assert!(holds, "{}\n  with {}\n  ours {ours:?}\n  cel-go {answer}", case.text, case.vars);
    }
}
