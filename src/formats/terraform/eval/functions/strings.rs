//! Functions on text.

use super::super::convert::{Known, text_value, whole};
use super::super::value::{Data, STRING_LIMIT, SequenceKind, Value, number_text};
use super::super::{Fault, Outcome};
use super::{Arguments, need};

pub(super) fn call(arguments: &Arguments<'_, '_, '_>) -> Option<Outcome> {
    Some(match arguments.name {
        "lower" => map(arguments, str::to_lowercase),
        "upper" => map(arguments, str::to_uppercase),
        "title" => map(arguments, title),
        "trimspace" => map(arguments, |text| text.trim().to_owned()),
        "chomp" => map(arguments, |text| text.trim_end_matches(['\r', '\n']).to_owned()),
        "strrev" => map(arguments, |text| text.chars().rev().collect()),
        "join" => join(arguments),
        "split" => split(arguments),
        "replace" => replace(arguments),
        "substr" => substring(arguments),
        "format" => format(arguments),
        "trimprefix" => pair(arguments, |text, cut| Value::string(text.strip_prefix(cut).unwrap_or(text))),
        "trimsuffix" => pair(arguments, |text, cut| Value::string(text.strip_suffix(cut).unwrap_or(text))),
        "trim" => pair(arguments, |text, cut| Value::string(text.trim_matches(|c| cut.contains(c)))),
        "startswith" => pair(arguments, |text, part| Value::bool(text.starts_with(part))),
        "endswith" => pair(arguments, |text, part| Value::bool(text.ends_with(part))),
        "strcontains" => pair(arguments, |text, part| Value::bool(text.contains(part))),
        "indent" => indent(arguments),
        "basename" => map(arguments, basename),
        _ => return None,
    })
}

fn map(arguments: &Arguments<'_, '_, '_>, change: impl FnOnce(&str) -> String) -> Outcome {
    arguments.exactly(1)?;
    let text = need!(arguments, arguments.text(0));
    arguments.done(text_value(change(&text)))
}

fn pair(arguments: &Arguments<'_, '_, '_>, judge: impl FnOnce(&str, &str) -> Value) -> Outcome {
    arguments.exactly(2)?;
    let (text, other) = (need!(arguments, arguments.text(0)), need!(arguments, arguments.text(1)));
    arguments.done(judge(&text, &other))
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.push(c);
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric() || c == '_' || c == '\'';
    }
    out
}

fn basename(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".".to_owned(),
        (_, true) => "/".to_owned(),
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed).to_owned(),
    }
}

fn join(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let separator = need!(arguments, arguments.text(0));
    let mut all = vec![];
    for at in 1..arguments.values.len() {
        all.extend(need!(arguments, arguments.texts(at)));
    }
    if all.iter().map(|text| text.len() + separator.len()).sum::<usize>() > STRING_LIMIT {
        return arguments.unknown("text is too long to build".into());
    }
    arguments.done(Value::string(all.join(&*separator)))
}

fn split(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(2)?;
    let (separator, text) = (need!(arguments, arguments.text(0)), need!(arguments, arguments.text(1)));
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|c| Value::string(c.to_string())).collect()
    } else {
        text.split(&*separator).map(Value::string).collect()
    };
    arguments.done(Value::sequence(SequenceKind::List, parts))
}

fn replace(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(3)?;
    let text = need!(arguments, arguments.text(0));
    let (from, to) = (need!(arguments, arguments.text(1)), need!(arguments, arguments.text(2)));
    if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
        return arguments.unknown("replace with a regular expression".into());
    }
    if from.is_empty() || (to.len() > from.len() && text.len() / from.len() * to.len() > STRING_LIMIT) {
        return arguments.unknown("text is too long to build".into());
    }
    arguments.done(text_value(text.replace(&*from, &to)))
}

fn substring(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let text = need!(arguments, arguments.text(0));
    let (offset, length) = (whole(need!(arguments, arguments.number(1)))?, whole(need!(arguments, arguments.number(2)))?);
    if !text.is_ascii() {
        return arguments.unknown("part of text outside ASCII".into());
    }
    let all = text.len() as i64;
    let start = if offset < 0 { (all + offset).max(0) } else { offset.min(all) };
    let end = if length < 0 { all } else { start.saturating_add(length).min(all) };
    arguments.done(Value::string(text.get(start as usize..end as usize).unwrap_or_default()))
}

fn indent(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(2)?;
    let spaces = whole(need!(arguments, arguments.number(0)))?;
    let text = need!(arguments, arguments.text(1));
    let Ok(spaces) = usize::try_from(spaces) else { return Err(Fault::new("indent needs a number of spaces")) };
    if spaces > STRING_LIMIT || text.len() + text.matches('\n').count() * spaces > STRING_LIMIT {
        return arguments.unknown("text is too long to build".into());
    }
    arguments.done(text_value(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

/// `format`, for the verbs that real modules use: `%s`, `%d`, `%v`, `%q`, `%t`, `%%`, and zero-padded whole numbers.
fn format(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let pattern = need!(arguments, arguments.text(0));
    let mut out = String::new();
    let mut next = 1;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut verb = rest.next().unwrap_or('!');
        if verb == '%' {
            out.push('%');
            continue;
        }
        let zero = verb == '0';
        let mut width = 0usize;
        while verb.is_ascii_digit() && width < 1000 {
            width = width * 10 + verb.to_digit(10).unwrap_or(0) as usize;
            verb = rest.next().unwrap_or('!');
        }
        let value = arguments.get(next)?;
        next += 1;
        if let Data::Unknown(cause) = &value.data {
            return arguments.unknown(cause.clone());
        }
        let text = match verb {
            's' | 'v' if width == 0 => match value.as_text() {
                Ok(Known::Yes(text)) => text.to_string(),
                Ok(Known::No(cause)) => return arguments.unknown(cause),
                Err(fault) if verb == 's' => return Err(fault),
                Err(_) => return arguments.unknown("format of a structure".into()),
            },
            'd' if width == 0 || zero => {
                let number = whole(need!(arguments, value.as_number()))?;
                if width == 0 { number_text(number as f64).unwrap_or_default() } else { format!("{number:0width$}") }
            }
            't' => need!(arguments, value.as_bool()).to_string(),
            'q' => {
                let text = need!(arguments, value.as_text());
                if !text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
                    return arguments.unknown("format with quotes inside".into());
                }
                format!("\"{text}\"")
            }
            _ => return arguments.unknown("format with a rare verb".into()),
        };
        out.push_str(&text);
        if out.len() > STRING_LIMIT {
            return arguments.unknown("text is too long to build".into());
        }
    }
    if next != arguments.values.len() {
        return Err(Fault::new("format is given more values than it has verbs"));
    }
    arguments.done(text_value(out))
}
