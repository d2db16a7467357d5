//! What is known of a rule without running it.

use crate::{Applicability, Severity};
use std::borrow::Cow;

/// A text that is part of the program, or was read.
pub type Text = Cow<'static, str>;
/// A list of the same.
pub type List<T> = Cow<'static, [T]>;

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
#[derive(Clone, PartialEq, Debug)]
pub struct OptionSpec {
    /// Its name.
    pub name: Text,
    /// `bool`, `number`, `string`, `list<string>` or `map<string>`.
    pub ty: Text,
    /// Value when not set, as JSON.
    pub default: Text,
    /// What it does.
    pub doc: Text,
}

impl OptionSpec {
    /// Value when not set.
    pub fn default(&self) -> serde_json::Value {
        serde_json::from_str(&self.default).unwrap_or_default()
    }
}

/// A rule's front matter and prose. Borrowed for rules that are part of the program, so that a start reads nothing of them; owned for others.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleMeta {
    /// `docker/user-root`.
    pub id: Text,
    /// What is judged: `docker`, `compose`, `kubernetes`, `terraform`.
    pub target: Text,
    /// Title, a short sentence.
    pub title: Text,
    /// Severity unless settings say otherwise.
    pub severity: Severity,
    /// The smallest profile that holds it.
    pub profile: Profile,
    /// Best applicability of its fixes; `None` if it has none.
    pub fix: Option<Applicability>,
    /// Peers' rules of the same meaning, `hadolint:DL3002`.
    pub aliases: List<Text>,
    /// Peers' rules that are near.
    pub related: List<Text>,
    /// Controls, `cis-docker:4.1`.
    pub controls: List<Text>,
    /// CWE numbers.
    pub cwe: List<u32>,
    /// Version that brought it.
    pub since: Text,
    /// Its settings, by name.
    pub options: List<OptionSpec>,
    /// The prose in Markdown, without the examples.
    pub doc: Text,
    /// Name of the plugin that holds it: `docker`, or a third party's.
    pub plugin: Text,
}

impl RuleMeta {
    /// A rule of which nothing is said yet.
    pub const fn new(plugin: Text, id: Text, target: Text, title: Text) -> Self {
        Self {
            id,
            target,
            title,
            severity: Severity::Medium,
            profile: Profile::Recommended,
            fix: None,
            aliases: Cow::Borrowed(&[]),
            related: Cow::Borrowed(&[]),
            controls: Cow::Borrowed(&[]),
            cwe: Cow::Borrowed(&[]),
            since: Cow::Borrowed(""),
            options: Cow::Borrowed(&[]),
            doc: Cow::Borrowed(""),
            plugin,
        }
    }

    /// The setting of that name.
    pub fn option(&self, name: &str) -> Option<&OptionSpec> {
        self.options.iter().find(|option| option.name == name)
    }
}
