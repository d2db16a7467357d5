//! What a plugin says of itself.

use std::borrow::Cow;
use wasmtime::component::{ComponentType, Lift};

/// A plugin's rules, and the keys it wants as numbers.
///
/// Borrowed for built-ins, whose manifest was taken at build time so that start-up needs no call; owned for third parties.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// The plugin's name.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
    /// Its rules; findings and the list of enabled rules count them from 0.
    pub rules: Cow<'static, [Rule]>,
    /// Keys and relation names it wants as numbers.
    pub keys: Cow<'static, [Cow<'static, str>]>,
}

/// A rule of a plugin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Built-ins: the whole id. Third parties: the part after the plugin's name.
    pub id: Cow<'static, str>,
    /// The front matter as a JSON object.
    pub metadata: Cow<'static, str>,
    /// Names of the relations it follows.
    pub relations: Cow<'static, [Cow<'static, str>]>,
}

/// Something wrong with the settings.
#[derive(Clone, PartialEq, Eq, Debug, ComponentType, Lift)]
#[component(record)]
pub struct Problem {
    /// JSON Pointer into the settings, or `path:line` for a user's rule.
    pub pointer: String,
    /// What, as a lowercase fragment.
    pub message: String,
}

/// A plugin that is part of the binary.
#[derive(Debug)]
pub struct Embedded {
    /// `docker`, `compose`, `kubernetes`, `terraform`, `policy`.
    pub name: &'static str,
    /// Native code for this target's baseline CPU, starting at a page boundary.
    pub native: &'static [u8],
    /// The component it was made from, for engines that refuse the native code.
    pub component: &'static [u8],
    /// What `describe` answers with default settings.
    pub manifest: Manifest,
}

/// A manifest as version 1 of the interface carries it; becomes a [`Manifest`].
#[derive(ComponentType, Lift)]
#[component(record)]
pub struct ManifestRecord {
    name: String,
    version: String,
    rules: Vec<RuleRecord>,
    keys: Vec<String>,
}

/// A rule as version 1 carries it.
#[derive(ComponentType, Lift)]
#[component(record)]
pub struct RuleRecord {
    id: String,
    metadata: String,
    relations: Vec<String>,
}

impl From<ManifestRecord> for Manifest {
    fn from(record: ManifestRecord) -> Self {
        let texts = |list: Vec<String>| list.into_iter().map(Cow::Owned).collect::<Vec<_>>();
        Self {
            name: record.name.into(),
            version: record.version.into(),
            rules: record
                .rules
                .into_iter()
                .map(|rule| Rule { id: rule.id.into(), metadata: rule.metadata.into(), relations: texts(rule.relations).into() })
                .collect(),
            keys: texts(record.keys).into(),
        }
    }
}

impl Manifest {
    /// The manifest as a Rust constant expression.
    pub(crate) fn to_rust(&self) -> String {
        let texts = |list: &[Cow<'static, str>]| {
            let items: Vec<String> = list.iter().map(|text| format!("Cow::Borrowed({text:?})")).collect();
            format!("Cow::Borrowed(&[{}])", items.join(", "))
        };
        let rules: Vec<String> = self
            .rules
            .iter()
            .map(|rule| {
                format!(
                    "plimsoll_artefact::Rule {{ id: Cow::Borrowed({:?}), metadata: Cow::Borrowed({:?}), relations: {} }}",
                    rule.id,
                    rule.metadata,
                    texts(&rule.relations)
                )
            })
            .collect();
        format!(
            "Manifest {{ name: Cow::Borrowed({:?}), version: Cow::Borrowed({:?}), rules: Cow::Borrowed(&[{}]), keys: {} }}",
            self.name,
            self.version,
            rules.join(", "),
            texts(&self.keys)
        )
    }
}
