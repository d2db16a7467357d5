//! New values as YAML or JSON text.

use serde_json::Value;

/// How a value is laid out.
#[derive(Clone, Copy)]
pub(crate) struct Layout<'a> {
    /// Spaces in front of the entries.
    pub(crate) indent: usize,
    /// Spaces per level.
    pub(crate) step: usize,
    /// Spaces between a key and the dashes of its list.
    pub(crate) dash: usize,
    pub(crate) newline: &'a str,
}

impl Layout<'_> {
    fn deeper(self) -> Self {
        Self { indent: self.indent + self.step, ..self }
    }

    fn break_line(&self, out: &mut String) {
        out.push_str(self.newline);
        out.extend(std::iter::repeat_n(' ', self.indent));
    }
}

/// `key: value` in block style; `layout.indent` is the column of the key. The first line carries no indentation.
pub(crate) fn block_entry(out: &mut String, key: &str, value: &Value, layout: Layout<'_>) {
    out.push_str(&scalar_text(key));
    out.push(':');
    block_after_key(out, value, layout);
}

/// What follows `key:`, the space or line break included.
pub(crate) fn block_after_key(out: &mut String, value: &Value, layout: Layout<'_>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let inner = layout.deeper();
            for (key, value) in map {
                inner.break_line(out);
                block_entry(out, key, value, inner);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let inner = Layout { indent: layout.indent + layout.dash, ..layout };
            for item in list {
                inner.break_line(out);
                block_item(out, item, inner);
            }
        }
        scalar => {
            out.push(' ');
            out.push_str(&flow(scalar, false));
        }
    }
}

/// `- value` in block style; `layout.indent` is the column of the dash. The first line carries no indentation.
pub(crate) fn block_item(out: &mut String, value: &Value, layout: Layout<'_>) {
    out.push_str("- ");
    match value {
        Value::Object(map) if !map.is_empty() => {
            let inner = Layout { indent: layout.indent + 2, ..layout };
            for (at, (key, value)) in map.iter().enumerate() {
                if at > 0 {
                    inner.break_line(out);
                }
                block_entry(out, key, value, inner);
            }
        }
        other => out.push_str(&flow(other, false)),
    }
}

/// A value on one line, as JSON or as YAML flow style.
pub(crate) fn flow(value: &Value, json: bool) -> String {
    match value {
        Value::String(text) if !json => scalar_text(text),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let key = if json { Value::String(key.clone()).to_string() } else { scalar_text(key) };
                format!("{key}: {}", flow(value, json))
            };
            let body = map.iter().map(entry).collect::<Vec<_>>().join(", ");
            if map.is_empty() {
                "{}".to_owned()
            } else if json {
                format!("{{{body}}}")
            } else {
                format!("{{ {body} }}")
            }
        }
        Value::Array(list) => format!("[{}]", list.iter().map(|item| flow(item, json)).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A string as a YAML scalar: plain where it can only be read as that string, else double quoted.
pub(crate) fn scalar_text(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./@+=$()<>^~".contains(c) || c == ' ' || c == ':';
    // `512Mi` and `250m` are no numbers; `0x1F`, `5e3`, `12:30` and dates are something else than text to one reader or another.
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let quantity =
        first.is_ascii_digit() && !unit.is_empty() && unit.len() <= 2 && unit != "e" && unit.bytes().all(|byte| byte.is_ascii_alphabetic());
    let starts = first.is_ascii_alphabetic() || "_./$(".contains(first) || quantity;
    starts
        && text.chars().all(harmless)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan", ".inf", ".nan"]
            .contains(&text.to_ascii_lowercase().as_str())
        && text.parse::<f64>().is_err()
        && !text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A string in the quoting of the scalar it replaces.
pub(crate) fn like(old: &str, text: &str, json: bool) -> String {
    if json || old.starts_with('"') {
        return Value::String(text.to_owned()).to_string();
    }
    if old.starts_with('\'') && !text.contains(['\n', '\r']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    scalar_text(text)
}
