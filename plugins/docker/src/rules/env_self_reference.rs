use plimsoll_sdk::docker::{Fix, Instruction, Pair, Report};

pub fn check(env: Instruction, report: &mut Report) {
    let pairs: Vec<Pair> = env.pairs().iter().collect();
    for (at, pair) in pairs.iter().enumerate() {
        let text = pair.node().source_text();
        let value = text.split_once('=').map_or("", |(_, value)| value);
        let other = pairs.iter().enumerate().filter(|(other, _)| *other != at).filter_map(|(_, other)| other.key().known()).find(|key| uses(value, key));
        if let Some(key) = other {
            let draft = report.at(*pair).message(format!(
                "`{}` uses `{key}`, which this same ENV sets: it gets the value from before",
                pair.key().known().unwrap_or_default()
            ));
            let lines: Vec<String> = pairs.iter().map(|pair| format!("ENV {}", pair.node().source_text())).collect();
            // Later lines see what earlier ones set; a use of what comes later would change.
            let before = |at: usize, value: &str| pairs[at..].iter().filter_map(|later| later.key().known()).any(|key| uses(value, key));
            let forward = pairs.iter().enumerate().any(|(at, pair)| pair.node().source_text().split_once('=').is_none_or(|(_, value)| before(at, value)));
            if !forward && !lines.iter().any(|line| line.contains('\n')) {
                draft.fix(Fix::safe("set them one after the other").set(env, "", lines.join("\n")));
            }
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
