//! Label selectors as kubectl writes them.

use std::collections::BTreeMap;

/// A selector: every requirement must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LabelSelector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Requirement {
    Exists(String),
    Missing(String),
    In(String, Vec<String>),
    /// Holds too where there is no such label, as in Kubernetes.
    NotIn(String, Vec<String>),
}

impl LabelSelector {
    /// Reads `env=prod,tier!=dev,team in (a, b),track notin (x),owner,!legacy`.
    ///
    /// # Errors
    /// What cannot be read.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let requirements: Result<Vec<_>, _> = split(text).map(|part| requirement(part.trim())).collect();
        let requirements = requirements?;
        if requirements.is_empty() {
            Err("a label selector that selects everything is left out instead".to_owned())
        } else {
            Ok(Self(requirements))
        }
    }

    /// Whether the labels meet every requirement.
    pub(crate) fn matches(&self, labels: Option<&BTreeMap<String, String>>) -> bool {
        let value = |key: &str| labels.and_then(|labels| labels.get(key));
        self.0.iter().all(|requirement| match requirement {
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::Missing(key) => value(key).is_none(),
            Requirement::In(key, values) => value(key).is_some_and(|value| values.contains(value)),
            Requirement::NotIn(key, values) => value(key).is_none_or(|value| !values.contains(value)),
        })
    }
}

/// Parts between commas that are outside parentheses.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .filter(|part| !part.trim().is_empty())
}

fn requirement(part: &str) -> Result<Requirement, String> {
    let key = |text: &str| {
        let text = text.trim();
        let sound = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        if sound { Ok(text.to_owned()) } else { Err(format!("`{text}` is no name of a label in `{part}`")) }
    };
    let set = |text: &str| {
        let inner = text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        let inner = inner.ok_or_else(|| format!("values stand in parentheses, as in `env in (a, b)`, not as in `{part}`"))?;
        Ok::<_, String>(inner.split(',').map(|value| value.trim().to_owned()).collect::<Vec<_>>())
    };
    if let Some((name, values)) = part.split_once(" notin ") {
        return Ok(Requirement::NotIn(key(name)?, set(values)?));
    }
    if let Some((name, values)) = part.split_once(" in ") {
        return Ok(Requirement::In(key(name)?, set(values)?));
    }
    if let Some((name, value)) = part.split_once("!=") {
        return Ok(Requirement::NotIn(key(name)?, vec![value.trim().to_owned()]));
    }
    if let Some((name, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Ok(Requirement::In(key(name)?, vec![value.trim().to_owned()]));
    }
    match part.strip_prefix('!') {
        Some(name) => Ok(Requirement::Missing(key(name)?)),
        None => Ok(Requirement::Exists(key(part)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_mean_what_they_mean_to_kubectl() {
        let labels: BTreeMap<String, String> =
            [("env", "prod"), ("team", "b")].map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let cases = [
            ("env=prod", true),
            ("env==prod,team=b", true),
            ("env=dev", false),
            ("env!=dev", true),
            ("tier!=dev", true),
            ("team in (a, b)", true),
            ("team in (a)", false),
            ("team notin (a)", true),
            ("tier notin (a)", true),
            ("env", true),
            ("tier", false),
            ("!tier", true),
            ("!env", false),
            ("app.kubernetes.io/name", false),
        ];
        for (text, expected) in cases {
            assert_eq!(LabelSelector::parse(text).map(|selector| selector.matches(Some(&labels))), Ok(expected), "{text}");
        }
        assert_eq!(LabelSelector::parse("env!=x").map(|selector| selector.matches(None)), Ok(true));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in ["", " , ", "a b=c", "env in a", "=x", "!"] {
            assert!(LabelSelector::parse(text).is_err(), "{text:?}");
        }
    }
}
