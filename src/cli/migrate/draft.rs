//! The `plimsoll.toml` being written.

use super::source::Source;
use plimsoll_finding::{RuleMeta, Severity};
use plimsoll_verdict::Catalogue;

/// What the peers' settings come to.
pub(super) struct Draft<'c> {
    catalogue: &'c Catalogue,
    rules: &'c [RuleMeta],
    sources: Vec<String>,
    select: Vec<(String, String)>,
    ignore: Vec<(String, String)>,
    severity: Vec<(String, Severity, String)>,
    fail_on: Option<Severity>,
    exclude: Vec<String>,
    waivers: Vec<Waiver>,
    format: Option<String>,
    left: Vec<String>,
}

/// A `[[waiver]]`.
#[derive(Default)]
pub(super) struct Waiver {
    pub(super) id: String,
    pub(super) paths: Vec<String>,
    pub(super) reason: Option<String>,
    pub(super) until: Option<String>,
}

impl<'c> Draft<'c> {
    pub(super) const fn new(catalogue: &'c Catalogue, rules: &'c [RuleMeta]) -> Self {
        Self {
            catalogue,
            rules,
            sources: vec![],
            select: vec![],
            ignore: vec![],
            severity: vec![],
            fail_on: None,
            exclude: vec![],
            waivers: vec![],
            format: None,
            left: vec![],
        }
    }

    pub(super) fn from(&mut self, source: &Source) {
        self.sources.push(source.path.clone());
    }

    pub(super) fn sources(&self) -> &[String] {
        &self.sources
    }

    /// What was not carried over, by file and line.
    pub(super) fn left(&self) -> &[String] {
        &self.left
    }

    /// Says that something stays behind.
    pub(super) fn leave(&mut self, source: &Source, words: &[&str], why: &str) {
        self.left.push(format!("{}:{}: {}: {why}", source.path, source.line(words), words.last().unwrap_or(&"")));
    }

    /// Our rules of a peer's id, which may be a glob of that peer's.
    fn ours(&self, peer: &str, id: &str) -> Vec<String> {
        if let Some(prefix) = id.strip_suffix('*') {
            let prefix = format!("{peer}:{prefix}").to_ascii_lowercase();
            let has = |rule: &&RuleMeta| rule.aliases.iter().any(|alias| alias.to_ascii_lowercase().starts_with(&prefix));
            return self.rules.iter().filter(has).map(|rule| rule.id.to_string()).collect();
        }
        let selected = self.catalogue.select(&format!("{peer}:{id}"));
        selected.map(|selected| selected.rules.iter().map(|index| self.rules[*index].id.to_string()).collect()).unwrap_or_default()
    }

    /// Calls `add` for each rule of a peer's id, or says that there is none.
    fn each(&mut self, source: &Source, peer: &str, id: &str, words: &[&str], add: impl Fn(&mut Self, String)) {
        let ours = self.ours(peer, id);
        if ours.is_empty() {
            self.leave(source, &[words, &[id]].concat(), "no rule of ours judges this");
        }
        for rule in ours {
            add(self, rule);
        }
    }

    pub(super) fn ignore(&mut self, source: &Source, peer: &str, id: &str, words: &[&str]) {
        self.each(source, peer, id, words, |draft, rule| draft.ignore.push((rule, id.to_owned())));
    }

    pub(super) fn select(&mut self, source: &Source, peer: &str, id: &str, words: &[&str]) {
        self.each(source, peer, id, words, |draft, rule| draft.select.push((rule, id.to_owned())));
    }

    pub(super) fn select_all(&mut self, selector: &str) {
        self.select.push((selector.to_owned(), String::new()));
    }

    /// Ignores a whole target.
    pub(super) fn ignore_target(&mut self, target: &str) {
        self.ignore.push((target.to_owned(), String::new()));
    }

    pub(super) fn severity(&mut self, source: &Source, peer: &str, id: &str, severity: Severity, words: &[&str]) {
        self.each(source, peer, id, words, |draft, rule| draft.severity.push((rule, severity, id.to_owned())));
    }

    pub(super) fn waive(&mut self, source: &Source, peer: &str, waiver: Waiver, words: &[&str]) {
        let ours = self.ours(peer, &waiver.id);
        if ours.is_empty() {
            return self.leave(source, &[words, &[&waiver.id]].concat(), "no rule of ours judges this");
        }
        self.waivers.push(waiver);
        if let Some(last) = self.waivers.last_mut() {
            last.id = format!("{peer}:{}", last.id);
        }
    }

    pub(super) const fn fail_on(&mut self, severity: Severity) {
        self.fail_on = Some(severity);
    }

    pub(super) fn exclude(&mut self, globs: impl IntoIterator<Item = String>) {
        self.exclude.extend(globs);
    }

    /// The peer's output format, if we have it.
    pub(super) fn format(&mut self, source: &Source, words: &[&str], name: &str) {
        let ours = match name {
            "tty" | "table" | "cli" | "text" | "plain" | "stylish" | "all" => return,
            "json" | "sarif" | "junit" | "github" | "html" | "markdown" => name,
            "gitlab_codeclimate" | "codeclimate" | "gitlab" => "gitlab",
            "junitxml" => "junit",
            "gnu" | "compact" => "concise",
            _ => return self.leave(source, words, "no such format here; `plimsoll check --help` lists ours"),
        };
        self.format = Some(ours.to_owned());
    }

    pub(super) fn to_toml(&self) -> String {
        let mut out = format!("# Written by `plimsoll migrate` from {}.\n", self.sources.join(", "));
        let list = |out: &mut String, key: &str, items: &[(String, String)]| {
            if items.is_empty() {
                return;
            }
            let mut seen = std::collections::BTreeSet::new();
            out.push_str(&format!("{key} = [\n"));
            for (rule, id) in items.iter().filter(|(rule, _)| seen.insert(rule.clone())) {
                let note = if id.is_empty() { String::new() } else { format!("  # {id}") };
                out.push_str(&format!("  {},{note}\n", quoted(rule)));
            }
            out.push_str("]\n");
        };
        list(&mut out, "select", &self.select);
        list(&mut out, "ignore", &self.ignore);
        if let Some(severity) = self.fail_on {
            out.push_str(&format!("fail-on = \"{severity}\"\n"));
        }
        if !self.severity.is_empty() {
            out.push_str("\n[severity]\n");
            let mut seen = std::collections::BTreeSet::new();
            for (rule, severity, id) in self.severity.iter().rev().filter(|(rule, _, _)| seen.insert(rule.clone())) {
                out.push_str(&format!("{} = \"{severity}\"  # {id}\n", quoted(rule)));
            }
        }
        if !self.exclude.is_empty() {
            let globs: Vec<String> = self.exclude.iter().map(|glob| quoted(glob)).collect();
            out.push_str(&format!("\n[files]\nexclude = [{}]\n", globs.join(", ")));
        }
        if let Some(format) = &self.format {
            out.push_str(&format!("\n[output]\nformat = \"{format}\"\n"));
        }
        for waiver in &self.waivers {
            let paths: Vec<String> = waiver.paths.iter().map(|path| quoted(path)).collect();
            let paths = if paths.is_empty() { "\"**\"".to_owned() } else { paths.join(", ") };
            out.push_str(&format!("\n[[waiver]]\nrules = [{}]\npaths = [{paths}]\n", quoted(&waiver.id)));
            out.push_str(&format!("reason = {}\n", quoted(waiver.reason.as_deref().unwrap_or("carried over; nobody wrote down why"))));
            if let Some(until) = &waiver.until {
                out.push_str(&format!("until = {until}\n"));
            }
        }
        if !self.left.is_empty() {
            out.push_str("\n# Not carried over:\n");
            for line in &self.left {
                out.push_str(&format!("# {}\n", plimsoll_report::control(line)));
            }
        }
        out
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}
