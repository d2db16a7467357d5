//! `--mount` and `--device` values: comma-separated fields with CSV quoting.

use std::borrow::Cow;

/// A field and its offset in the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Byte range in the value, quotes included.
    pub(crate) at: (usize, usize),
}

/// Splits a value. `Err` is why BuildKit refuses it.
pub(crate) fn fields(value: &str) -> Result<Vec<Field<'_>>, String> {
    let value = value.strip_suffix('\n').map_or(value, |line| line.strip_suffix('\r').unwrap_or(line));
    if value.is_empty() {
        return Err("an empty value".to_owned());
    }
    let mut found = vec![];
    let mut at = 0;
    loop {
        let rest = &value[at..];
        let Some(quoted) = rest.strip_prefix('"') else {
            let len = rest.find(',').unwrap_or(rest.len());
            if rest[..len].contains('"') {
                return Err(format!("a quote inside the field {}", &rest[..len]));
            }
            found.push(Field { text: Cow::Borrowed(&rest[..len]), at: (at, at + len) });
            if len == rest.len() {
                return Ok(found);
            }
            at += len + 1;
            continue;
        };
        let mut text = String::new();
        let mut left = quoted;
        loop {
            let Some(end) = left.find('"') else { return Err("a quote that is not closed".to_owned()) };
            text.push_str(&left[..end]);
            left = &left[end + 1..];
            match left.bytes().next() {
                Some(b'"') => {
                    text.push('"');
                    left = &left[1..];
                }
                None | Some(b',') => break,
                Some(_) => return Err("text behind a closing quote".to_owned()),
            }
        }
        let end = value.len() - left.len();
        found.push(Field { text: Cow::Owned(text), at: (at, end) });
        if left.is_empty() {
            return Ok(found);
        }
        at = end + 1;
    }
}

/// Why BuildKit refuses a `--mount` before any variable is expanded.
pub(crate) fn refused(value: &str) -> Option<String> {
    let fields = match fields(value) {
        Ok(fields) => fields,
        Err(cause) => return Some(format!("--mount cannot be read: {cause}")),
    };
    fields.iter().find_map(|field| {
        let (key, value) = field.text.split_once('=')?;
        let dollar = value.find('$')?;
        (key.eq_ignore_ascii_case("from") && dollar + 1 != value.len())
            .then(|| "from of --mount takes no variable; give the image a stage of its own".to_owned())
    })
}

/// Why BuildKit refuses a `--device`.
pub(crate) fn device_refused(value: &str) -> Option<String> {
    let fields = match fields(value) {
        Ok(fields) => fields,
        Err(cause) => return Some(format!("--device cannot be read: {cause}")),
    };
    let mut named = false;
    for field in &fields {
        let text = &*field.text;
        let (key, value) = text.split_once('=').map_or((text, None), |(key, value)| (key, Some(value)));
        match (key.to_lowercase().as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if is_bool(value) => {}
            ("required", Some(value)) => return Some(format!("required of --device takes true or false, not {value}")),
            ("name", Some(value)) if !named => named = !value.is_empty(),
            ("name", Some(_)) => return Some("--device names two devices".to_owned()),
            // BuildKit takes the first field that is nothing else for the name, if that is not empty.
            _ if !named => named = !text.is_empty(),
            (key, _) => return Some(format!("unexpected {key} in --device")),
        }
    }
    None
}

/// What Go's `strconv.ParseBool` takes.
fn is_bool(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True" | "0" | "f" | "F" | "false" | "FALSE" | "False")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn quotes_hold_commas() {
        let found = fields(r#"type=bind,"source=a,b",x"#).unwrap();
        assert_eq!(found.iter().map(|f| &*f.text).collect::<Vec<_>>(), ["type=bind", "source=a,b", "x"]);
        assert_eq!(found[1].at, (10, 22));
        assert!(fields(r#"a="b""#).is_err());
        assert!(fields(r#""a"#).is_err());
        assert!(fields("").is_err());
    }
}
