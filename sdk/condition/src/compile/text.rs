//! `message:`, op keys and new values: text with `{expression}`s.

use super::emit::Environment;
use super::source::{CompileError, Located};
use crate::json::Json;
use crate::template::{MAX_DEPTH, Part, Plan, Template};

/// Splits a text and compiles its expressions. `{{` is a brace, and so is the one of `${`, which is Terraform's.
pub(super) fn template(text: &Located<String>, environment: &Environment) -> Result<Template, CompileError> {
    let mut parts = vec![];
    let mut literal = String::new();
    let mut rest = 0;
    let value = text.value.as_str();
    while let Some(found) = value[rest..].find(['{', '}']) {
        let brace = rest + found;
        literal.push_str(&value[rest..brace]);
        let doubled = value[brace + 1..].starts_with(&value[brace..=brace]);
        if value.as_bytes()[brace] == b'}' {
            literal.push('}');
            rest = brace + 1 + usize::from(doubled);
            continue;
        }
        if doubled {
            literal.push('{');
            rest = brace + 2;
            continue;
        }
        let Some(close) = closing(&value[brace + 1..]) else {
            return Err(text.error(brace, "this `{` is not closed (write `{{` for a brace)".to_owned()));
        };
        let end = brace + 1 + close;
        if value[..brace].ends_with('$') {
            literal.push_str(&value[brace..=end]);
        } else {
            if !literal.is_empty() {
                parts.push(Part::Literal(core::mem::take(&mut literal).into()));
            }
            parts.push(Part::Expression(super::part(text, brace + 1..end, environment)?.0));
        }
        rest = end + 1;
    }
    literal.push_str(&value[rest..]);
    if !literal.is_empty() {
        parts.push(Part::Literal(literal.into()));
    }
    Ok(Template { parts })
}

/// Byte of the brace that closes an expression: not one of a map or text inside it.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A new value. A text that is one expression is worth what the expression is worth.
pub(super) fn plan(json: &Json, line: u32, environment: &Environment, depth: u32) -> Result<Plan, CompileError> {
    if depth > MAX_DEPTH {
        return Err(CompileError { line, column: 0, message: "the new value is nested too deeply".to_owned() });
    }
    Ok(match json {
        Json::Null => Plan::Null,
        Json::Bool(value) => Plan::Bool(*value),
        Json::Number(number) => Plan::Number(*number),
        Json::String(text) => {
            let mut template = template(&Located::new(text.clone(), line, 0), environment)?;
            match template.parts.as_slice() {
                [Part::Expression(_)] => match template.parts.pop() {
                    Some(Part::Expression(program)) => Plan::Value(program),
                    _ => Plan::Text(template),
                },
                _ => Plan::Text(template),
            }
        }
        Json::List(items) => Plan::List(items.iter().map(|item| plan(item, line, environment, depth + 1)).collect::<Result<_, _>>()?),
        Json::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| Ok((key.as_str().into(), plan(value, line, environment, depth + 1)?)));
            Plan::Map(entries.collect::<Result<_, CompileError>>()?)
        }
    })
}
