//! What a scalar means, which is a matter of who reads it.

use crate::{Content, Node, Style};
use std::borrow::Cow;

/// A scalar with its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// Null, or a value left out.
    Null,
    /// True or false.
    Bool(bool),
    /// A number; integers beyond 2^53 lose digits here and keep them in the text.
    Number(f64),
    /// Text, the node's own.
    String(&'a str),
}

/// As Kubernetes reads YAML (`sigs.k8s.io/yaml`): YAML 1.1 booleans (`yes`, `on`, `y` and their opposites), octal as `0777` and `0o777`,
/// underscores in numbers, timestamps as text. `None` for a collection.
pub fn kubernetes_scalar<'a>(node: &'a Node<'_>) -> Option<Scalar<'a>> {
    typed(node, |text| match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    })
}

/// As Compose reads YAML (compose-go's go-yaml): booleans are `true` and `false` only, numbers as for Kubernetes. `None` for a collection.
pub fn compose_scalar<'a>(node: &'a Node<'_>) -> Option<Scalar<'a>> {
    typed(node, |_| None)
}

/// As JSON types are written: the same text as JSON and as YAML means the same under this reading. `None` for a collection.
pub fn json_scalar<'a>(node: &'a Node<'_>) -> Option<Scalar<'a>> {
    let Content::Scalar { value, style } = &node.content else { return None };
    let value = value.as_ref();
    if *style != Style::Plain {
        return Some(Scalar::String(value));
    }
    Some(match value {
        "null" | "" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        _ if value.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => float(value).map_or(Scalar::String(value), Scalar::Number),
        _ => Scalar::String(value),
    })
}

/// A key as Kubernetes names it: `on:` is the key `true`, `0x10:` the key `16`. `None` where a key is no scalar or null, which an API server
/// refuses.
pub fn kubernetes_key<'a>(node: &'a Node<'_>) -> Option<Cow<'a, str>> {
    Some(match kubernetes_scalar(node)? {
        Scalar::Null => return None,
        Scalar::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        // Written in the usual way already, in all but curious cases.
        Scalar::Number(value) => Cow::Owned(value.to_string()),
        Scalar::String(text) => Cow::Borrowed(text),
    })
}

fn typed<'a>(node: &'a Node<'_>, bool_1_1: fn(&str) -> Option<bool>) -> Option<Scalar<'a>> {
    let Content::Scalar { value, style } = &node.content else { return None };
    let value = value.as_ref();
    let tag = node.tag.as_deref().map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or("local"));
    match tag {
        None if *style != Style::Plain => return Some(Scalar::String(value)),
        Some("bool" | "int" | "float" | "null" | "timestamp") | None => {}
        Some(_) => return Some(Scalar::String(value)),
    }
    let typed = match value {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Number(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Number(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Number(f64::NEG_INFINITY),
        _ => match bool_1_1(value) {
            Some(value) => Scalar::Bool(value),
            None => number(value).map_or(Scalar::String(value), Scalar::Number),
        },
    };
    Some(typed)
}

/// go-yaml's numbers. A leading zero is octal where the digits allow it, decimal else (`0789` is 789).
fn number(text: &str) -> Option<f64> {
    let first = text.bytes().next()?;
    if first == b'.' {
        // Here Go itself reads underscores, and only between digits.
        let separates = |at: usize| {
            let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
            digit(at - 1) && digit(at + 1)
        };
        return text.match_indices('_').all(|(at, _)| separates(at)).then(|| float(&text.replace('_', "")))?;
    }
    if !first.is_ascii_digit() && first != b'+' && first != b'-' {
        return None;
    }
    let plain: Cow<'_, str> = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    integer(&plain).or_else(|| float(&plain))
}

fn integer(text: &str) -> Option<f64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    let fits = if negative { value <= 1 << 63 } else { !text.starts_with('+') || i64::try_from(value).is_ok() };
    #[expect(clippy::cast_precision_loss, reason = "documents hold numbers as doubles; the text keeps the digits")]
    let value = value as f64;
    fits.then_some(if negative { -value } else { value })
}

/// `1`, `1.`, `.5`, `1e3`: decimal digits with a fraction and an exponent, in range.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let shaped = digits(whole) && digits(fraction) && (!whole.is_empty() || !fraction.is_empty());
    let exponent_ok = exponent.is_none_or(|text| {
        let text = text.strip_prefix(['+', '-']).unwrap_or(text);
        !text.is_empty() && digits(text)
    });
    if !shaped || !exponent_ok {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}
