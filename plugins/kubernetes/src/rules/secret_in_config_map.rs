use crate::container::owner;
use crate::options::SecretInConfigMap;
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(map: Object, options: &SecretInConfigMap, report: &mut Report) {
    for entry in map.data().entries() {
        let (key, Some(text)) = (entry.key(), entry.value().known()) else { continue };
        if options.allow.iter().any(|allowed| allowed == key) {
            continue;
        }
        let what = known_form(text)
            .map(str::to_owned)
            .or_else(|| (is_named_so(key) && is_written_out(text)).then(|| "a credential".to_owned()))
            .or_else(|| assignment(text).map(|name| format!("a credential (`{name}`)")));
        if let Some(what) = what {
            report.at_key(entry).message(format!("`{key}` of {} holds {what} as plain text", owner(map.node()))).secret(entry);
        }
    }
}

/// The name in the first line `name = value` or `name: value` of a text that assigns a credential.
fn assignment(text: &str) -> Option<&str> {
    text.lines().take(2000).find_map(|line| {
        let at = line.find(['=', ':'])?;
        let name = line[..at].trim().trim_start_matches("export ").trim_matches(['"', '\'', ' ']);
        let value = line[at + 1..].trim().trim_end_matches([',', ';']).trim();
        let plain = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let word = !value.contains([' ', '(', '{', '[']) && !value.starts_with('|');
        (plain && word && is_named_so(name) && is_written_out(value)).then_some(name)
    })
}
