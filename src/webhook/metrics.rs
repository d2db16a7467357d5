//! Figures for Prometheus. Every label has few values: rules, questions, outcomes; never a name that a request brings.

use crate::decide::Decision;
use crate::review::Question;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Rules that get a line of their own. A third party's plugin could bring any number.
const MAX_RULES: usize = 2_000;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Judged and admitted.
    Allowed,
    /// Judged and refused.
    Denied,
    /// Admitted without being judged, because it need not be.
    Passed,
    /// Answered by the failure policy.
    Failed,
    /// Answered by the failure policy because too many were there.
    Overloaded,
    /// No request that can be answered.
    Unreadable,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Overloaded => "overloaded",
            Self::Unreadable => "unreadable",
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    question: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    question: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Verdict {
    rule: Arc<str>,
    action: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRule {
    rule: Arc<str>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfPlugin {
    plugin: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reload {
    what: &'static str,
    result: &'static str,
}

/// All figures.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    duration: Family<Asked, Histogram, fn() -> Histogram>,
    verdicts: Family<Verdict, Counter>,
    waived: Family<OfRule, Counter>,
    fixes: Family<OfRule, Counter>,
    failures: Family<OfPlugin, Counter>,
    reloads: Family<Reload, Counter>,
    pub(crate) queue: Gauge,
    pub(crate) connections: Gauge,
    pub(crate) certificate_ends: Gauge,
    pub(crate) rules: Gauge,
    pub(crate) ready: Gauge,
    lines: AtomicUsize,
}

/// Bounds in microseconds: from what one small object takes to an API server's patience.
fn histogram() -> Histogram {
    Histogram::new([50.0, 100.0, 200.0, 300.0, 500.0, 750.0, 1e3, 2e3, 3e3, 5e3, 1e4, 2e4, 5e4, 1e5, 5e5, 1e6, 5e6, 1e7])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("plimsoll"),
            requests: Family::default(),
            duration: Family::new_with_constructor(histogram),
            verdicts: Family::default(),
            waived: Family::default(),
            fixes: Family::default(),
            failures: Family::default(),
            reloads: Family::default(),
            queue: Gauge::default(),
            connections: Gauge::default(),
            certificate_ends: Gauge::default(),
            rules: Gauge::default(),
            ready: Gauge::default(),
            lines: AtomicUsize::new(0),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests by question and outcome", metrics.requests.clone());
        registry.register("request_duration_microseconds", "Time from a request's head to its answer", metrics.duration.clone());
        registry.register("verdicts", "Findings by rule and what they led to", metrics.verdicts.clone());
        registry.register("waived", "Findings that were waived or exempt", metrics.waived.clone());
        registry.register("fixes", "Fixes applied by mutation", metrics.fixes.clone());
        registry.register("plugin_failures", "Requests that a plugin's rules gave no answer to", metrics.failures.clone());
        registry.register("reloads", "Reloads of policy and certificate", metrics.reloads.clone());
        registry.register("queue_waiting", "Requests that wait for a thread", metrics.queue.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("certificate_not_after_seconds", "End of the served certificate, Unix time", metrics.certificate_ends.clone());
        registry.register("rules", "Rules in force", metrics.rules.clone());
        registry.register("ready", "Whether requests should come here", metrics.ready.clone());
        metrics
    }

    /// Counts an answered request.
    pub(crate) fn answered(&self, question: Question, outcome: Outcome, took: Duration) {
        let question = question.name();
        self.requests.get_or_create(&Answered { question, outcome: outcome.name() }).inc();
        self.duration.get_or_create(&Asked { question }).observe(took.as_secs_f64() * 1e6);
    }

    /// Counts what rules said.
    pub(crate) fn judged(&self, decision: &Decision) {
        for one in &decision.weighed {
            self.verdicts.get_or_create(&Verdict { rule: self.line(&one.finding.rule), action: one.action.name() }).inc();
        }
        for finding in &decision.waived {
            self.waived.get_or_create(&OfRule { rule: self.line(&finding.rule) }).inc();
        }
        let plugins: BTreeSet<&str> = decision.unjudged.iter().map(|(one, _)| one.plugin.as_str()).collect();
        for plugin in plugins {
            self.failures.get_or_create(&OfPlugin { plugin: plugin.to_owned() }).inc();
        }
    }

    /// Counts fixes.
    pub(crate) fn fixed(&self, applied: &[(Arc<str>, String)]) {
        for (rule, _) in applied {
            self.fixes.get_or_create(&OfRule { rule: self.line(rule) }).inc();
        }
    }

    /// Counts a reload of `policy` or `certificate`.
    pub(crate) fn reloaded(&self, what: &'static str, fine: bool) {
        self.reloads.get_or_create(&Reload { what, result: if fine { "taken" } else { "refused" } }).inc();
    }

    /// The rules in force; with them it is known how many lines there can be.
    pub(crate) fn rules_in_force(&self, count: usize) {
        self.rules.set(i64::try_from(count).unwrap_or(i64::MAX));
        self.lines.fetch_max(count, Ordering::Relaxed);
    }

    fn line(&self, rule: &Arc<str>) -> Arc<str> {
        if self.lines.load(Ordering::Relaxed) <= MAX_RULES { rule.clone() } else { "other".into() }
    }

    /// All of it as Prometheus reads it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
