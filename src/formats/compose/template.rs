//! `$NAME` and `${NAME…}` in values, as compose-go's template package reads them.
//!
//! The environment of the machine is never read: a variable has the value that `.env` gives it, or none. A default (`:-`, `-`) then
//! applies, so does a replacement (`:+`, `+`, which gives nothing where the variable has no value); anything else cannot be told.

use crate::text::Text;
use plimsoll_document::{Flags, Span};
use plimsoll_formats::Budget;
use std::collections::HashMap;
use std::rc::Rc;

/// Expressions nested deeper are refused.
const MAX_NESTING: u32 = 50;
const NO_NAME: &str = "`${` without a valid name and `}`";

/// The variables that values may use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    known: HashMap<String, Variable>,
    /// Some file of variables could not be read, so a name that is not here may have a value.
    pub(crate) open: bool,
    /// The project's.
    budget: Budget,
}

/// One variable.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// Its value, or why that cannot be told.
    pub(crate) value: Result<String, Rc<str>>,
    /// The key in the file that sets it.
    pub(crate) key: Span,
    /// The value in that file.
    pub(crate) at: Span,
}

impl Variables {
    /// No variables, for the project that this budget is of.
    pub(crate) fn of(budget: &Budget) -> Self {
        Self { budget: budget.clone(), ..Self::default() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name)
    }

    pub(crate) fn set(&mut self, name: String, variable: Variable) {
        self.known.insert(name, variable);
    }

    /// Adds what is not set yet.
    pub(crate) fn add_missing(&mut self, other: &Self) {
        self.open |= other.open;
        for (name, variable) in &other.known {
            self.known.entry(name.clone()).or_insert_with(|| variable.clone());
        }
    }

    /// In the order of names.
    pub(crate) fn sorted(&self) -> Vec<(&String, &Variable)> {
        let mut all: Vec<_> = self.known.iter().collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }
}

/// Where the variables of an expression are looked up.
pub(crate) trait Lookup {
    /// The variable, `Ok(None)` if it certainly has no value here, `Err` if that cannot be told.
    fn find(&self, name: &str) -> Result<Option<&Variable>, Rc<str>>;

    /// What values may still be put in.
    fn budget(&self) -> &Budget;
}

impl Lookup for Variables {
    fn find(&self, name: &str) -> Result<Option<&Variable>, Rc<str>> {
        match self.get(name) {
            None if self.open => Err("a file of variables cannot be read".into()),
            found => Ok(found),
        }
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

/// The value of a text. `Err` is the part that is no valid expression; Compose refuses the file then.
pub(crate) fn interpolate(text: &Text, variables: &dyn Lookup) -> Result<Text, Invalid> {
    if !text.as_str().contains('$') {
        return Ok(text.clone());
    }
    expand(text, variables, 0)
}

/// Why a value cannot be told once the project's budget is spent.
pub(crate) const TOO_LARGE: &str = "the project expands to too much text";

/// An expression that Compose refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) cause: &'static str,
}

fn expand(text: &Text, variables: &dyn Lookup, depth: u32) -> Result<Text, Invalid> {
    if depth > MAX_NESTING {
        return Err(Invalid { cause: "variables are nested too deeply" });
    }
    let source = text.as_str();
    let bytes = source.as_bytes();
    let mut out = Text::empty();
    let mut literal = 0;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find('$')) {
        let dollar = at + found;
        let next = bytes.get(dollar + 1).copied().unwrap_or(0);
        let (end, value) = match next {
            b'$' => (dollar + 2, Value::Escape),
            b'{' => {
                // Braces that do not pair: everything up to the line's last one.
                let Some(close) = closing(bytes, dollar).or_else(|| last_brace(bytes, dollar)) else {
                    return Err(Invalid { cause: NO_NAME });
                };
                (close + 1, Value::Braced(dollar + 2..close))
            }
            _ if is_name_start(next) => {
                let end = dollar + 1 + name_length(&bytes[dollar + 1..]);
                (end, Value::Named(dollar + 1..end))
            }
            // A `$` before anything else is itself.
            _ => {
                at = dollar + 1;
                continue;
            }
        };
        if literal < dollar {
            out.push(&text.slice(literal..dollar));
        }
        let whole = text.slice(dollar..end).span(Span::default());
        match value {
            Value::Escape => out.push_value("$", whole, Flags::NONE, None),
            Value::Named(name) => plain(&mut out, &source[name], whole, variables),
            Value::Braced(inner) => braced(&mut out, &text.slice(inner), whole, variables, depth)?,
        }
        literal = end;
        at = end;
    }
    if literal < source.len() {
        out.push(&text.slice(literal..source.len()));
    } else if out.as_str().is_empty() && literal == 0 {
        return Ok(text.clone());
    }
    Ok(out)
}

enum Value {
    Escape,
    Named(std::ops::Range<usize>),
    Braced(std::ops::Range<usize>),
}

/// The brace that closes the one after `dollar`, nested ones counted. Compose's grammar ends at a line's end.
fn closing(bytes: &[u8], dollar: usize) -> Option<usize> {
    let mut open = 0_u32;
    let mut at = dollar + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => {
                open += 1;
                // The character after a brace is never looked at.
                at += 1;
                if bytes.get(at) == Some(&b'\n') {
                    return None;
                }
            }
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            b'\n' => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

fn last_brace(bytes: &[u8], dollar: usize) -> Option<usize> {
    let line = bytes[dollar..].iter().take_while(|byte| **byte != b'\n').count();
    bytes[dollar..dollar + line].iter().rposition(|byte| *byte == b'}').map(|at| dollar + at)
}

const fn is_name_start(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

fn name_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte == b'_' || byte.is_ascii_alphanumeric()).count()
}

fn no_value(name: &str) -> Rc<str> {
    format!("variable {name} has no value in this project").into()
}

/// Puts a variable's value in.
fn put_in(out: &mut Text, value: &str, whole: Span, decided: Option<Span>, variables: &dyn Lookup) {
    if variables.budget().afford(value.len()) {
        out.push_value(value, whole, Flags::FROM_VARIABLE | Flags::DEFAULTED, decided);
    } else {
        out.push_hole(whole, TOO_LARGE.into());
    }
}

fn plain(out: &mut Text, name: &str, whole: Span, variables: &dyn Lookup) {
    match variables.find(name) {
        Ok(Some(variable)) => match &variable.value {
            Ok(value) => put_in(out, value, whole, Some(variable.at), variables),
            Err(cause) => out.push_hole(whole, Rc::clone(cause)),
        },
        Ok(None) => out.push_hole(whole, no_value(name)),
        Err(cause) => out.push_hole(whole, cause),
    }
}

fn braced(out: &mut Text, inner: &Text, whole: Span, variables: &dyn Lookup, depth: u32) -> Result<(), Invalid> {
    let source = inner.as_str();
    let bytes = source.as_bytes();
    let invalid = Err(Invalid { cause: NO_NAME });
    if !bytes.first().copied().is_some_and(is_name_start) {
        return invalid;
    }
    let length = name_length(bytes);
    let name = &source[..length];
    let colon = bytes.get(length) == Some(&b':');
    let operator = length + usize::from(colon);
    let Some(kind) = bytes.get(operator) else {
        if colon {
            return invalid;
        }
        plain(out, name, whole, variables);
        return Ok(());
    };
    if !matches!(kind, b'-' | b'+' | b'?') {
        return invalid;
    }
    let word = inner.slice(operator + 1..source.len());
    let found = match variables.find(name) {
        Ok(found) => found,
        Err(cause) => {
            out.push_hole(whole, cause);
            return Ok(());
        }
    };
    if let Some(Variable { value: Err(cause), .. }) = found {
        out.push_hole(whole, Rc::clone(cause));
        return Ok(());
    }
    let set = found.filter(|variable| !colon || variable.value.as_ref().is_ok_and(|value| !value.is_empty()));
    match (kind, set) {
        (b'-', None) | (b'+', Some(_)) => {
            let value = expand(&word, variables, depth + 1)?;
            if let Some(cause) = value.cause() {
                out.push_hole(whole, Rc::clone(cause));
                return Ok(());
            }
            let origin = value.origin();
            // The literal that decided it: the word itself, or what a single nested expression came from.
            let decided = match origin.as_slice() {
                [] => Some(word.span(whole)),
                [entry] if entry.role == plimsoll_document::Role::Decided => Some(entry.at),
                _ => None,
            };
            put_in(out, value.as_str(), whole, decided, variables);
        }
        (b'+', None) => out.push_value("", whole, Flags::FROM_VARIABLE | Flags::DEFAULTED, None),
        (_, Some(Variable { value: Ok(value), at, .. })) => {
            put_in(out, value, whole, Some(*at), variables);
        }
        _ => {
            // Compose says what is missing in the words of the expression, so they must be valid.
            expand(&word, variables, depth + 1)?;
            out.push_hole(whole, no_value(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in pairs {
            let at = Span::new(1, 0, 0);
            variables.set((*name).to_owned(), Variable { value: Ok((*value).to_owned()), key: at, at });
        }
        variables
    }

    fn value(template: &str) -> Option<String> {
        let text = Text::written(template.to_owned(), Span::new(0, 0, template.len() as u32), template);
        let known = variables(&[("A", "a"), ("EMPTY", "")]);
        interpolate(&text, &known).ok().map(|text| text.known().map_or("?".to_owned(), str::to_owned))
    }

    #[test]
    fn every_operator() {
        for (template, expected) in [
            ("$A-${A}", "a-a"),
            ("$$A $ $1", "$A $ $1"),
            ("${A:-d}${EMPTY:-d}${X:-d}", "add"),
            ("${A-d}${EMPTY-d}${X-d}", "ad"),
            ("${A:+r}[${EMPTY:+r}][${X:+r}]", "r[][]"),
            ("${A+r}[${EMPTY+r}][${X+r}]", "r[r][]"),
            ("${A:?e}", "a"),
            ("${X:-${EMPTY:-${A}}}/x", "a/x"),
            ("${X:-a:b-c?d}", "a:b-c?d"),
            ("${X}", "?"),
            ("${X:?needed}", "?"),
            ("${EMPTY?e}", ""),
            ("${EMPTY:?e}", "?"),
        ] {
            assert_eq!(value(template).as_deref(), Some(expected), "{template}");
        }
    }

    #[test]
    fn what_compose_refuses() {
        for template in ["${", "${}", "${A", "${1}", "${A:}", "${A!b}", "${ A}", "${A:-x\n}"] {
            assert_eq!(value(template), None, "{template}");
        }
    }

    #[test]
    fn a_default_is_the_literal_that_decides() {
        let template = "nginx:${TAG:-1.27}";
        let text = Text::written(template.to_owned(), Span::new(0, 10, 28), &format!("{:10}{template}", ""));
        let value = interpolate(&text, &Variables::default()).unwrap_or(Text::empty());
        let tag = value.slice(6..value.as_str().len());
        assert_eq!(tag.origin().first().map(|entry| entry.at), Some(Span::new(0, 23, 27)));
        assert!(tag.flags().has(Flags::DEFAULTED));
        assert_eq!(tag.span(Span::default()), Span::new(0, 16, 28));
        assert!(!value.slice(0..5).flags().has(Flags::DEFAULTED));
    }
}
