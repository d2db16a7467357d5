//! Functions of text. Positions count Unicode scalar values.

use crate::eval::no_overload;
use crate::function::Function;
use crate::pattern;
use crate::value::{List, Text, Value};
use core::ops::Range;

pub(crate) fn call<'a>(function: Function, first: &Value<'a>, rest: &[Value<'a>]) -> Value<'a> {
    let result = match (first, rest) {
        (Value::Text(of), _) => on_text(function, of, rest),
        (Value::List(list), _) if function == Function::Join => join(list, rest),
        (Value::Null, []) if function == Function::Join => Some(Value::Text(Text::Borrowed(""))),
        _ => None,
    };
    result.unwrap_or_else(|| {
        let mut all = vec![first];
        all.extend(rest);
        no_overload(function.text(), &all)
    })
}

fn on_text<'a>(function: Function, of: &Text<'a>, rest: &[Value<'a>]) -> Option<Value<'a>> {
    let text = of.as_str();
    Some(match (function, rest) {
        (Function::Contains, [Value::Text(part)]) => Value::Bool(text.contains(part.as_str())),
        (Function::StartsWith, [Value::Text(part)]) => Value::Bool(text.starts_with(part.as_str())),
        (Function::EndsWith, [Value::Text(part)]) => Value::Bool(text.ends_with(part.as_str())),
        (Function::Matches, [Value::Text(pattern)]) => match pattern::new(pattern.as_str()) {
            Ok(pattern) => Value::Bool(pattern.is_match(text)),
            Err(error) => Value::error(format!("`{}` is not a pattern: {error}", pattern.as_str())),
        },
        (Function::LowerAscii, []) => Value::text(text.to_ascii_lowercase()),
        (Function::UpperAscii, []) => Value::text(text.to_ascii_uppercase()),
        (Function::Trim, []) => {
            part(of, text.len() - text.trim_start().len()..text.trim_end().len().max(text.len() - text.trim_start().len()))
        }
        (Function::Split, [Value::Text(by)]) => split(of, by.as_str(), -1),
        (Function::Split, [Value::Text(by), Value::Int(limit)]) => split(of, by.as_str(), *limit),
        (Function::Replace, [Value::Text(from), Value::Text(to)]) => Value::text(text.replace(from.as_str(), to.as_str())),
        (Function::Replace, [Value::Text(from), Value::Text(to), Value::Int(limit)]) => match usize::try_from(*limit) {
            Ok(limit) => Value::text(text.replacen(from.as_str(), to.as_str(), limit)),
            Err(_) => Value::text(text.replace(from.as_str(), to.as_str())),
        },
        (Function::Substring, [Value::Int(start)]) => substring(of, *start, length(text)),
        (Function::Substring, [Value::Int(start), Value::Int(end)]) => substring(of, *start, *end),
        (Function::CharAt, [Value::Int(at)]) => {
            if *at == length(text) {
                Value::Text(Text::Borrowed(""))
            } else {
                substring(of, *at, at.saturating_add(1))
            }
        }
        (Function::IndexOf, [Value::Text(part)]) => position(text, text.find(part.as_str())),
        (Function::IndexOf, [Value::Text(part), Value::Int(from)]) => match byte_at(text, *from) {
            Some(from) => position(text, text[from..].find(part.as_str()).map(|found| from + found)),
            None => out_of_range(*from),
        },
        (Function::LastIndexOf, [Value::Text(part)]) => position(text, text.rfind(part.as_str())),
        (Function::LastIndexOf, [Value::Text(part), Value::Int(from)]) => match byte_at(text, *from) {
            Some(from) => position(text, text.match_indices(part.as_str()).map(|(at, _)| at).take_while(|at| *at <= from).last()),
            None => out_of_range(*from),
        },
        _ => return None,
    })
}

/// Number of characters.
fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// Part of a text, by bytes; a document's text is not copied.
fn part<'a>(of: &Text<'a>, range: Range<usize>) -> Value<'a> {
    match of {
        Text::Borrowed(text) => Value::Text(Text::Borrowed(text.get(range).unwrap_or_default())),
        Text::Made(text) => Value::text(text.get(range).unwrap_or_default()),
    }
}

/// Byte offset of a character; the end of the text is a position too.
fn byte_at(text: &str, at: i64) -> Option<usize> {
    let at = usize::try_from(at).ok()?;
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(at)
}

fn substring<'a>(of: &Text<'a>, start: i64, end: i64) -> Value<'a> {
    match (byte_at(of.as_str(), start), byte_at(of.as_str(), end)) {
        (Some(from), Some(to)) if from <= to => part(of, from..to),
        (None, _) => out_of_range(start),
        _ => out_of_range(end),
    }
}

fn position<'a>(text: &str, found: Option<usize>) -> Value<'a> {
    Value::Int(found.map_or(-1, |byte| length(&text[..byte])))
}

fn out_of_range<'a>(at: i64) -> Value<'a> {
    Value::error(format!("position {at} is outside the text"))
}

fn split<'a>(of: &Text<'a>, by: &str, limit: i64) -> Value<'a> {
    let text = of.as_str();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts = vec![];
    let mut start = 0;
    if limit == 0 {
        return Value::List(List::made(parts));
    }
    if by.is_empty() {
        // As in Go, an empty separator splits into characters.
        for (at, c) in text.char_indices() {
            if parts.len() + 1 == limit {
                parts.push(part(of, at..text.len()));
                break;
            }
            parts.push(part(of, at..at + c.len_utf8()));
        }
        return Value::List(List::made(parts));
    }
    for (at, _) in text.match_indices(by) {
        if parts.len() + 1 == limit {
            break;
        }
        parts.push(part(of, start..at));
        start = at + by.len();
    }
    parts.push(part(of, start..text.len()));
    Value::List(List::made(parts))
}

fn join<'a>(list: &List<'a>, rest: &[Value<'a>]) -> Option<Value<'a>> {
    let by = match rest {
        [] => "",
        [Value::Text(by)] => by.as_str(),
        _ => return None,
    };
    if !list.is_certain() {
        return Some(Value::Unknown);
    }
    let mut out = String::new();
    for (at, item) in list.items().enumerate() {
        if at > 0 {
            out.push_str(by);
        }
        match &item.value {
            Value::Text(text) => out.push_str(text.as_str()),
            Value::Unknown => return Some(Value::Unknown),
            other => return Some(no_overload("join", &[other])),
        }
    }
    Some(Value::text(out))
}
