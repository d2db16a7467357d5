//! Functions that encode and decode.

use super::super::convert::text_value;
use super::super::value::{Data, STRING_LIMIT, Value, number_text};
use super::super::{Fault, Outcome};
use super::{Arguments, need};
use std::fmt::Write as _;

pub(super) fn call(arguments: &Arguments<'_, '_, '_>) -> Option<Outcome> {
    Some(match arguments.name {
        "jsonencode" => json(arguments),
        "base64encode" => encode_base64(arguments),
        "base64decode" => decode_base64(arguments),
        _ => return None,
    })
}

fn json(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(1)?;
    let value = arguments.get(0)?;
    if !value.is_whole() {
        return arguments.unknown("part of the encoded value cannot be told".into());
    }
    let mut out = String::new();
    if !write_json(arguments, value, &mut out) || out.len() > STRING_LIMIT {
        return arguments.unknown("text is too long to build".into());
    }
    arguments.done(text_value(out))
}

/// Writes JSON as Terraform does: keys sorted, no white space, `<`, `>` and `&` escaped. False if that cannot be done.
fn write_json(arguments: &Arguments<'_, '_, '_>, value: &Value, out: &mut String) -> bool {
    if !arguments.environment.scope.spend(1) || out.len() > STRING_LIMIT {
        return false;
    }
    match &value.data {
        Data::Unknown(_) => return false,
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Number(number) => match number_text(*number) {
            Some(text) => out.push_str(&text),
            None => return false,
        },
        Data::String(text) => write_json_string(text, out),
        Data::Sequence(sequence) => {
            out.push('[');
            for (at, item) in sequence.items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                if !write_json(arguments, item, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Data::Mapping(mapping) => {
            out.push('{');
            for (at, (key, entry)) in mapping.entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json_string(key, out);
                out.push(':');
                if !write_json(arguments, &entry.value, out) {
                    return false;
                }
            }
            out.push('}');
        }
    }
    true
}

fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode_base64(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(1)?;
    let text = need!(arguments, arguments.text(0));
    let mut out = String::with_capacity(text.len() / 3 * 4 + 4);
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().enumerate().fold(0u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            out.push(if at <= chunk.len() { char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]) } else { '=' });
        }
    }
    arguments.done(text_value(out))
}

fn decode_base64(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(1)?;
    let text = need!(arguments, arguments.text(0));
    let fault = || Fault::new("base64decode needs base64");
    let body = text.trim_end_matches('=');
    if text.len() % 4 != 0 || text.len() - body.len() > 2 {
        return Err(fault());
    }
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in body.bytes() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte).ok_or_else(fault)?;
        bits = (bits << 6 | digit as u32) & 0x00ff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => arguments.done(text_value(text)),
        Err(_) => Err(fault()),
    }
}
