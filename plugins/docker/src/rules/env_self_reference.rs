use plimsoll_sdk::docker::{Instruction, Pair, Report};

pub fn check(env: Instruction, report: &mut Report) {
    let pairs: Vec<Pair> = env.pairs().iter().collect();
    for (at, pair) in pairs.iter().enumerate() {
        let text = pair.node().source_text();
        let value = text.split_once('=').map_or("", |(_, value)| value);
        let other = pairs.iter().enumerate().filter(|(other, _)| *other != at).filter_map(|(_, other)| other.key().known()).find(|key| uses(value, key));
        if let Some(key) = other {
            report.at(*pair).message(format!("`{}` uses `{key}`, which this same ENV sets: it gets the value from before", pair.key().known().unwrap_or_default()));
        }
    }
}

/// Whether a value as written expands a variable.
fn uses(value: &str, name: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = value;
    let mut quoted = false;
    while let Some(at) = rest.find(['$', '\\', '\'']) {
        let (mark, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match mark {
            b'\'' => {
                quoted = !quoted;
                after
            }
            b'\\' => after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default(),
            _ => {
                let body = after.strip_prefix('{').unwrap_or(after);
                if !quoted && body.strip_prefix(name).is_some_and(|tail| !tail.starts_with(is_name)) {
                    return true;
                }
                after
            }
        };
    }
    false
}
