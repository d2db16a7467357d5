//! Reading a rule's options from settings.

use crate::{Json, Problem};
use std::collections::BTreeMap;

/// Reads options by name; what is missing has its default, what is wrong is a problem and has its default too.
#[derive(Debug)]
pub struct OptionReader<'s> {
    settings: &'s Json,
    problems: &'s mut Vec<Problem>,
    values: Vec<(String, Json)>,
}

impl<'s> OptionReader<'s> {
    /// A reader of one rule's settings, an object or null.
    pub const fn new(settings: &'s Json, problems: &'s mut Vec<Problem>) -> Self {
        Self { settings, problems, values: vec![] }
    }

    fn option<T: Into<Json> + Clone>(&mut self, name: &str, expected: &str, default: T, read: impl Fn(&Json) -> Option<T>) -> T {
        let value = match self.settings.get(name) {
            None | Some(Json::Null) => default,
            Some(value) => read(value).unwrap_or_else(|| {
                self.problem(name, format!("expected {expected}"));
                default
            }),
        };
        self.values.push((name.to_owned(), value.clone().into()));
        value
    }

    fn problem(&mut self, name: &str, message: String) {
        self.problems.push(Problem::new(format!("/{}", name.replace('~', "~0").replace('/', "~1")), message));
    }

    /// An option that is true or false.
    pub fn bool(&mut self, name: &str, default: bool) -> bool {
        self.option(name, "true or false", default, |value| match value {
            Json::Bool(value) => Some(*value),
            _ => None,
        })
    }

    /// A number.
    pub fn number(&mut self, name: &str, default: f64) -> f64 {
        self.option(name, "a number", default, |value| match value {
            Json::Number(value) => Some(*value),
            _ => None,
        })
    }

    /// A string.
    pub fn string(&mut self, name: &str, default: &str) -> String {
        self.option(name, "a string", default.to_owned(), |value| value.as_str().map(str::to_owned))
    }

    /// A list of strings.
    pub fn strings(&mut self, name: &str, default: &[&str]) -> Vec<String> {
        let default = default.iter().map(|item| (*item).to_owned()).collect();
        self.option(name, "a list of strings", default, |value| {
            value.as_list()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        })
    }

    /// A map of strings.
    pub fn map(&mut self, name: &str, default: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = default.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let pairs = self.option(name, "a map of strings", Pairs(pairs), |value| match value {
            Json::Map(entries) => {
                entries.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect::<Option<_>>().map(Pairs)
            }
            _ => None,
        });
        pairs.0
    }

    /// Reports names that are no option, and gives all options with their values.
    pub fn finish(mut self) -> Json {
        if let Json::Map(entries) = self.settings {
            for (name, _) in entries {
                if !self.values.iter().any(|(known, _)| known == name) {
                    let known: Vec<_> = self.values.iter().map(|(known, _)| known.as_str()).collect();
                    let message = match known[..] {
                        [] => "the rule has no options".to_owned(),
                        _ => format!("unknown option, expected {}", known.join(", ")),
                    };
                    self.problem(name, message);
                }
            }
        }
        Json::Map(self.values)
    }
}

#[derive(Clone)]
struct Pairs(BTreeMap<String, String>);

impl From<Pairs> for Json {
    fn from(pairs: Pairs) -> Self {
        Self::map(pairs.0)
    }
}
