//! What is known of a rule without running it.

use crate::{Applicability, Severity};
use std::collections::BTreeMap;

/// The smallest profile that holds a rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// On by default.
    Recommended,
    /// On with `profile:strict`.
    Strict,
    /// On with `ALL` only.
    All,
}

impl Profile {
    /// Its name in front matter and selectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::All => "all",
        }
    }
}

/// A setting of a rule.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct OptionSpec {
    /// `bool`, `number`, `string`, `list<string>` or `map<string>`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Value when not set.
    pub default: serde_json::Value,
    /// What it does.
    pub doc: String,
}

/// A rule's front matter and prose.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleMeta {
    /// `docker/user-root`.
    pub id: String,
    /// What is judged: `docker`, `compose`, `kubernetes`, `terraform`.
    pub target: String,
    /// Title, a short sentence.
    pub title: String,
    /// Severity unless settings say otherwise.
    pub severity: Severity,
    /// The smallest profile that holds it.
    pub profile: Profile,
    /// Best applicability of its fixes; `None` if it has none.
    pub fix: Option<Applicability>,
    /// Peers' rules of the same meaning, `hadolint:DL3002`.
    pub aliases: Vec<String>,
    /// Peers' rules that are near.
    pub related: Vec<String>,
    /// Controls, `cis-docker:4.1`.
    pub controls: Vec<String>,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Version that brought it.
    pub since: String,
    /// Settings by name.
    pub options: BTreeMap<String, OptionSpec>,
    /// The prose in Markdown, without the examples.
    pub doc: String,
    /// Name of the plugin that holds it: `docker`, or a third party's.
    pub plugin: String,
}
