use crate::options::LabelFormat;
use plimsoll_sdk::docker::{Instruction, Report};

/// Labels of the OCI image specification whose values have a form.
const OCI: [(&str, &str); 5] = [
    ("org.opencontainers.image.url", "url"),
    ("org.opencontainers.image.source", "url"),
    ("org.opencontainers.image.documentation", "url"),
    ("org.opencontainers.image.created", "time"),
    ("org.opencontainers.image.licenses", "spdx"),
];

pub fn check(label: Instruction, options: &LabelFormat, report: &mut Report) {
    for pair in label.pairs() {
        let (Some(key), Some(value)) = (pair.key().known(), pair.value().known()) else { continue };
        let kind = options.formats.get(key).map(String::as_str).or_else(|| OCI.iter().find(|(name, _)| *name == key).map(|(_, kind)| *kind));
        let Some((what, fits)) = kind.and_then(|kind| Some((words(kind)?, fits(kind, value)))) else { continue };
        if !fits && !value.is_empty() {
            report.at(pair).message(format!("label `{key}` is to hold {what}, and holds `{value}`"));
        }
    }
}

fn words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "url" => "an address",
        "time" => "a time as in RFC 3339",
        "spdx" => "an SPDX license expression",
        "hash" => "a git commit",
        "semver" => "a semantic version",
        "email" => "an e-mail address",
        _ => return None,
    })
}

fn fits(kind: &str, value: &str) -> bool {
    match kind {
        "url" => value.split_once("://").is_some_and(|(scheme, rest)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) && !rest.is_empty() && !value.contains(' ')),
        "time" => is_time(value),
        "spdx" => is_spdx(value),
        "hash" => matches!(value.len(), 7 | 40 | 64) && value.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "semver" => is_semver(value),
        "email" => value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains(['@', ' ']) && !name.contains(' ')),
        _ => true,
    }
}

/// `2026-01-31T12:00:00Z`, with parts of seconds and an offset.
fn is_time(value: &str) -> bool {
    let shape = |text: &str, form: &str| {
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(|(byte, form)| if form == b'0' { byte.is_ascii_digit() } else { byte.eq_ignore_ascii_case(&form) })
    };
    let Some((stamp, rest)) = value.split_at_checked(19) else { return false };
    let plain = shape(stamp, "0000-00-00T00:00:00") || shape(stamp, "0000-00-00 00:00:00");
    let number = |from: usize| stamp[from..from + 2].parse::<u32>().unwrap_or(99);
    let zone = rest.strip_prefix('.').map_or(rest, |parts| parts.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zoned = zone.eq_ignore_ascii_case("z") || shape(zone, "+00:00") || shape(zone, "-00:00");
    plain && zoned && (1..=12).contains(&number(5)) && (1..=31).contains(&number(8)) && number(11) < 24 && number(14) < 60 && number(17) < 61
}

/// Words of names that people write for licenses, which are none of the list.
const NAMES: [&str; 16] =
    ["apache", "apache2", "apache-2", "apachev2", "gpl", "gplv2", "gplv3", "lgpl", "lgplv3", "agpl", "agplv3", "bsd", "bsd3", "mpl", "mpl2", "license"];

fn is_spdx(value: &str) -> bool {
    let text = value.replace(['(', ')'], " ");
    let mut wants_id = true;
    for word in text.split_whitespace() {
        let operator = matches!(word, "AND" | "OR" | "WITH");
        let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+' | b':'));
        if operator == wants_id || !plain || (!operator && NAMES.contains(&word.to_ascii_lowercase().as_str())) {
            return false;
        }
        wants_id = operator;
    }
    !wants_id
}

fn is_semver(value: &str) -> bool {
    let core = value.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
    let tail = &value[core.len()..];
    parts.len() == 3 && parts.iter().all(number) && tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
}
