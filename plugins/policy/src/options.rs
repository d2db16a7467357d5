//! Options of users' rules, by what their front matter declares.

use plimsoll_sdk::{Json, OptionReader, Problem};
use std::cell::RefCell;

/// Users' rules are conditions, which get their options as JSON; there is nothing else to keep.
#[derive(Debug, Default)]
pub struct Options;

/// An option of a rule.
pub(crate) struct Declared {
    name: String,
    ty: String,
    default: Json,
}

thread_local! {
    /// Per rule of the session: its options. A session reads options by a plain function, so they lie beside it.
    static DECLARED: RefCell<Vec<Vec<Declared>>> = const { RefCell::new(vec![]) };
}

/// The options that a rule's metadata declares.
pub(crate) fn declared(metadata: &str) -> Result<Vec<Declared>, String> {
    let metadata = Json::parse(metadata).map_err(|error| format!("the metadata is not JSON: {error}"))?;
    let Some(Json::Map(options)) = metadata.get("options") else { return Ok(vec![]) };
    let option = |(name, option): &(String, Json)| Declared {
        name: name.clone(),
        ty: option.get("type").and_then(Json::as_str).unwrap_or("string").to_owned(),
        default: option.get("default").cloned().unwrap_or(Json::Null),
    };
    Ok(options.iter().map(option).collect())
}

/// Makes these the options of the session's rules.
pub(crate) fn declare(rules: Vec<Vec<Declared>>) {
    DECLARED.set(rules);
}

/// Reads a rule's options from settings.
pub(crate) fn set(_: &mut Options, rule: usize, settings: &Json, problems: &mut Vec<Problem>) -> Json {
    DECLARED.with_borrow(|rules| {
        let mut reader = OptionReader::new(settings, problems);
        for option in rules.get(rule).map_or(&[][..], Vec::as_slice) {
            read(&mut reader, option);
        }
        reader.finish()
    })
}

fn read(reader: &mut OptionReader<'_>, option: &Declared) {
    let texts = |json: &Json| json.as_list().unwrap_or_default().iter().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>();
    match (option.ty.as_str(), &option.default) {
        ("bool", default) => {
            reader.bool(&option.name, *default == Json::Bool(true));
        }
        ("number", default) => {
            reader.number(&option.name, if let Json::Number(number) = default { *number } else { 0.0 });
        }
        ("list<string>", default) => {
            let default = texts(default);
            reader.strings(&option.name, &default.iter().map(String::as_str).collect::<Vec<_>>());
        }
        ("map<string>", Json::Map(entries)) => {
            let pairs: Vec<(&str, &str)> = entries.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
            reader.map(&option.name, &pairs);
        }
        ("map<string>", _) => {
            reader.map(&option.name, &[]);
        }
        (_, default) => {
            reader.string(&option.name, default.as_str().unwrap_or_default());
        }
    }
}
