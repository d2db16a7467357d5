//! `[serve]` from TOML.

use crate::read::Reader;
use crate::serve::{Action, Enforce, Exemption, FailurePolicy, Match, Serve};
use crate::toml::{Node, Toml};
use crate::{Problem, Sourced};
use plimsoll_finding::Severity;
use std::path::PathBuf;
use std::time::Duration;

impl Reader<'_> {
    pub(crate) fn serve(&mut self, node: &Node) -> Serve {
        let mut serve = Serve::default();
        self.each(node, "serve", |reader, (key, value)| {
            let name = format!("serve.{}", key.text);
            match key.text.as_str() {
                "listen" => serve.listen = reader.string(value, &name),
                "ops-listen" => serve.ops_listen = reader.string(value, &name),
                "tls-cert" => serve.tls_cert = reader.path(value, &name),
                "tls-key" => serve.tls_key = reader.path(value, &name),
                "client-ca" => serve.client_ca = reader.path(value, &name),
                "client-names" => serve.client_names = reader.texts(value, &name),
                "self-signed" => serve.self_signed = reader.boolean(value, &name),
                "certificate-lifetime" => serve.certificate_lifetime = reader.duration(value, &name),
                "certificate-renew-before" => serve.certificate_renew_before = reader.duration(value, &name),
                "namespace" => serve.namespace = reader.string(value, &name),
                "service" => serve.service = reader.string(value, &name),
                "secret" => serve.secret = reader.string(value, &name),
                "webhook" => serve.webhook = reader.string(value, &name),
                "failure-policy" => {
                    serve.failure_policy = reader.word(value, &name, &[FailurePolicy::Fail, FailurePolicy::Ignore], |one| one.name());
                }
                "judge-system" => serve.judge_system = reader.boolean(value, &name),
                "exclude-namespaces" => serve.exclude_namespaces = reader.texts(value, &name),
                "annotation-waivers" => {
                    if let Some(allowed) = reader.boolean(value, &name) {
                        (serve.annotation_waivers, serve.annotation_waivers_set) = (allowed, true);
                    }
                }
                "unsafe-fixes" => serve.unsafe_fixes = reader.strings(value, &name),
                "trust-fixes" => serve.trust_fixes = reader.texts(value, &name),
                "deadline" => serve.deadline = reader.duration(value, &name),
                "drain" => serve.drain = reader.duration(value, &name),
                "queue" => serve.queue = reader.count(value, &name),
                "threads" => serve.threads = reader.count(value, &name),
                "max-body" => serve.max_body = reader.bytes(value, &name).map(|size| size.value),
                "dry-run-report" => serve.dry_run_report = reader.boolean(value, &name),
                "log" => serve.log = reader.string(value, &name),
                "otlp-endpoint" => serve.otlp_endpoint = reader.string(value, &name),
                "actions" => serve.actions = reader.actions(value),
                "enforce" => serve.enforce = reader.list(value, "serve.enforce", Reader::enforce),
                "exemption" => serve.exemptions = reader.list(value, "serve.exemption", Reader::exemption),
                _ => return false,
            }
            true
        });
        serve
    }

    fn enforce(&mut self, node: &Node) -> Option<Enforce> {
        let mut entry = Enforce { origin: node.origin.clone(), ..Enforce::default() };
        let before = self.errors();
        self.each(node, "serve.enforce", |reader, (key, value)| {
            match key.text.as_str() {
                "rules" => entry.rules = reader.strings(value, "serve.enforce.rules"),
                "action" => entry.action = reader.word(value, "serve.enforce.action", &Action::ALL, |one| one.name()),
                name => return reader.matches(name, value, &mut entry.matches),
            }
            true
        });
        let complete =
            self.need(entry.action.is_some() || !entry.matches.subresources.is_empty(), node, "an entry of `serve.enforce` needs `action`");
        // An entry that is not what its author meant must not match more than it says.
        (complete && self.errors() == before).then_some(entry)
    }

    fn exemption(&mut self, node: &Node) -> Option<Exemption> {
        let mut entry = Exemption { origin: node.origin.clone(), ..Exemption::default() };
        let before = self.errors();
        self.each(node, "serve.exemption", |reader, (key, value)| {
            match key.text.as_str() {
                "rules" => entry.rules = reader.strings(value, "serve.exemption.rules"),
                "reason" => entry.reason = reader.string(value, "serve.exemption.reason"),
                "owner" => entry.owner = reader.string(value, "serve.exemption.owner"),
                "ticket" => entry.ticket = reader.string(value, "serve.exemption.ticket"),
                "until" => entry.until = reader.date(value),
                name => return reader.matches(name, value, &mut entry.matches),
            }
            true
        });
        let scoped = self.need(
            !entry.rules.is_empty() || entry.matches != Match::default(),
            node,
            "an exemption needs `rules`, or says which requests it is for",
        );
        let reasoned =
            self.need(entry.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty()), node, "an exemption needs `reason`");
        (scoped && reasoned && self.errors() == before).then_some(entry)
    }

    fn matches(&mut self, key: &str, value: &Node, matches: &mut Match) -> bool {
        let name = format!("serve.{key}");
        match key {
            "kinds" => matches.kinds = self.texts(value, &name),
            "namespaces" => matches.namespaces = self.texts(value, &name),
            "namespace-labels" => matches.namespace_labels = self.sourced(value, &name),
            "labels" => matches.labels = self.sourced(value, &name),
            "users" => matches.users = self.texts(value, &name),
            "groups" => matches.groups = self.texts(value, &name),
            "operations" => {
                for operation in self.texts(value, &name) {
                    let known = ["CREATE", "UPDATE"].contains(&operation.as_str());
                    if self.need(known, value, "`operations` may name CREATE and UPDATE") {
                        matches.operations.push(operation);
                    }
                }
            }
            "subresources" => matches.subresources = self.texts(value, &name),
            _ => return false,
        }
        true
    }

    fn actions(&mut self, node: &Node) -> Vec<(Severity, Action)> {
        let Some(entries) = self.table(node, "serve.actions") else { return vec![] };
        let mut actions = vec![];
        for (key, value) in entries {
            let severity: Option<Severity> =
                key.text.parse().map_err(|error: String| self.problems.push(Problem::error(&key.origin, error))).ok();
            let action = self.word(value, &format!("serve.actions.{}", key.text), &Action::ALL, |one| one.name());
            actions.extend(severity.zip(action));
        }
        actions
    }

    fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.error).count()
    }

    fn texts(&mut self, node: &Node, name: &str) -> Vec<String> {
        self.strings(node, name).into_iter().map(|text| text.value).collect()
    }

    fn sourced(&mut self, node: &Node, name: &str) -> Option<Sourced<String>> {
        self.string(node, name).map(|text| Sourced::new(text, node.origin.clone()))
    }

    fn path(&mut self, node: &Node, name: &str) -> Option<PathBuf> {
        self.string(node, name).map(|text| PathBuf::from(self.base).join(text))
    }

    fn boolean(&mut self, node: &Node, name: &str) -> Option<bool> {
        if let Toml::Bool(value) = node.value {
            return Some(value);
        }
        self.wrong(node, name, "true or false");
        None
    }

    fn count(&mut self, node: &Node, name: &str) -> Option<u64> {
        if let Toml::Integer(number) = node.value
            && let Ok(number) = u64::try_from(number)
        {
            return Some(number);
        }
        self.wrong(node, name, "a number from 0 up");
        None
    }

    fn duration(&mut self, node: &Node, name: &str) -> Option<Duration> {
        let parsed = match &node.value {
            Toml::String(text) => parse_duration(text),
            _ => None,
        };
        self.need(parsed.is_some(), node, &format!("`{name}` must be a time such as \"8s\", \"500ms\", \"90d\"")).then_some(parsed)?
    }

    fn word<T: Copy>(&mut self, node: &Node, name: &str, known: &[T], text: impl Fn(&T) -> &'static str) -> Option<T> {
        let written = self.string(node, name)?;
        let found = known.iter().find(|one| text(one) == written).copied();
        let names: Vec<&str> = known.iter().map(text).collect();
        self.need(found.is_some(), node, &format!("`{name}` must be {}, not `{written}`", names.join(", "))).then_some(found)?
    }
}

/// `8s`, `500ms`, `5m`, `12h`, `90d`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let seconds = match text[digits..].trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}
