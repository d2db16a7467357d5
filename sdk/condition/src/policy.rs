//! Users' Markdown rules on their way to the policy plugin.

use crate::{CompiledRule, Json, Malformed};

/// A user's rule, compiled by the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyRule {
    /// `<namespace>/<name>`.
    pub id: String,
    /// Its front matter as JSON.
    pub metadata: String,
    /// [`CompiledRule::encode`].
    pub compiled: Vec<u8>,
}

/// The settings of the policy plugin: its rules, and the run's options as every plugin gets them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PolicySettings {
    /// The rules.
    pub rules: Vec<PolicyRule>,
    /// Options by rule id, an object each.
    pub options: Vec<(String, Json)>,
}

/// The key of the rules. It holds no `/`, so no rule's id can be the same.
const RULES: &str = "rules";

impl PolicySettings {
    /// The settings as JSON, which the plugin interface asks for: the options by rule id, and beside them `rules`, a list of `{id, metadata,
    /// compiled}` with the compiled rule in hex.
    pub fn encode(&self) -> Vec<u8> {
        let rules = self.rules.iter().map(|rule| {
            let compiled = rule.compiled.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect::<String>();
            Json::map([("id", rule.id.as_str()), ("metadata", rule.metadata.as_str()), ("compiled", compiled.as_str())])
        });
        let mut entries = vec![(RULES.to_owned(), Json::List(rules.collect()))];
        entries.extend(self.options.iter().cloned());
        Json::Map(entries).to_string().into_bytes()
    }

    /// Reads settings; without `rules` there are none. A rule's bytes are not looked at yet.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let text = core::str::from_utf8(bytes).map_err(|_| Malformed("the settings are not UTF-8"))?.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Ok(Json::Map(entries)) = Json::parse(text) else { return Err(Malformed("the settings are not a JSON object")) };
        let mut settings = Self::default();
        for (key, value) in entries {
            if key == RULES {
                let rules = value.as_list().ok_or(Malformed("`rules` is no list"))?;
                settings.rules = rules.iter().map(PolicyRule::read).collect::<Result<_, _>>()?;
            } else {
                settings.options.push((key, value));
            }
        }
        Ok(settings)
    }
}

impl PolicyRule {
    /// A rule ready to travel.
    pub fn new(id: impl Into<String>, metadata: impl Into<String>, rule: &CompiledRule) -> Self {
        Self { id: id.into(), metadata: metadata.into(), compiled: rule.encode() }
    }

    fn read(json: &Json) -> Result<Self, Malformed> {
        let text = |key: &str| json.get(key).and_then(Json::as_str).ok_or(Malformed("a rule lacks `id`, `metadata` or `compiled`"));
        let (pairs, rest) = text("compiled")?.as_bytes().as_chunks::<2>();
        let bytes = pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect::<Option<_>>();
        match bytes {
            Some(compiled) if rest.is_empty() => Ok(Self { id: text("id")?.to_owned(), metadata: text("metadata")?.to_owned(), compiled }),
            _ => Err(Malformed("a compiled rule is not in hex")),
        }
    }
}

fn digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

fn value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    #[test]
    fn settings_read_back_as_they_were() {
        let settings = PolicySettings {
            rules: vec![PolicyRule {
                id: "acme/x".into(),
                metadata: "{\"title\":\"a \\\"b\\\"\"}".into(),
                compiled: vec![0, 1, 0xfe, 0xff],
            }],
            options: vec![("acme/x".into(), Json::map([("limit", 3.0)]))],
        };
        assert_eq!(PolicySettings::decode(&settings.encode()).unwrap(), settings);
        assert_eq!(PolicySettings::decode(b"").unwrap(), PolicySettings::default());
    }

    #[test]
    fn settings_that_are_none_are_refused() {
        for bytes in [&b"[]"[..], b"{", b"\xff", b"{\"rules\":{}}", b"{\"rules\":[{\"id\":\"a/b\",\"metadata\":\"\",\"compiled\":\"0\"}]}"]
        {
            assert!(PolicySettings::decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
