//! `[serve]`: what the admission webhook is told. `None` and empty lists leave the layer below in force.

use crate::{Config, Origin, Sourced};
use jiff::civil::Date;
use plimsoll_finding::Severity;
use std::path::PathBuf;
use std::time::Duration;

/// What happens to an object that has a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Nothing: the rule does not count here.
    Off,
    /// It is written to the audit log.
    Audit,
    /// Whoever made the request is warned.
    Warn,
    /// The request is refused.
    Deny,
}

impl Action {
    /// All, weakest first.
    pub const ALL: [Self; 4] = [Self::Off, Self::Audit, Self::Warn, Self::Deny];

    /// As written in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Audit => "audit",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// What a severity leads to where nothing is set.
    pub const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Deny,
            Severity::Medium => Self::Warn,
            Severity::Low | Severity::Info => Self::Audit,
        }
    }
}

/// What a request is answered that cannot be judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FailurePolicy {
    /// It is refused.
    #[default]
    Fail,
    /// It is admitted, with a warning.
    Ignore,
}

impl FailurePolicy {
    /// As written in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Ignore => "ignore",
        }
    }
}

/// `[serve]`. Paths are relative to the folder of the file that names them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Serve {
    /// Address of the HTTPS port.
    pub listen: Option<String>,
    /// Address of the plain port for health and metrics.
    pub ops_listen: Option<String>,
    /// Certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// Its private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Certificate authorities that clients' certificates must come from, PEM.
    pub client_ca: Option<PathBuf>,
    /// Common names that clients' certificates may have; empty for any.
    pub client_names: Vec<String>,
    /// Whether the server makes its own certificate.
    pub self_signed: Option<bool>,
    /// How long a certificate of its own is valid.
    pub certificate_lifetime: Option<Duration>,
    /// How long before its end it is replaced.
    pub certificate_renew_before: Option<Duration>,
    /// The namespace that the server runs in.
    pub namespace: Option<String>,
    /// The service that an API server reaches it by.
    pub service: Option<String>,
    /// The secret that holds a certificate of its own.
    pub secret: Option<String>,
    /// The webhook configurations that are told of it.
    pub webhook: Option<String>,
    /// What a request is answered that cannot be judged.
    pub failure_policy: Option<FailurePolicy>,
    /// Whether `kube-system` and the server's own namespace are judged.
    pub judge_system: Option<bool>,
    /// Namespaces (globs) that are not judged.
    pub exclude_namespaces: Vec<String>,
    /// Whether waivers in annotations of objects count.
    pub annotation_waivers: bool,
    /// Whether that was set.
    pub annotation_waivers_set: bool,
    /// Selectors of rules whose unsafe fixes may be applied.
    pub unsafe_fixes: Vec<Sourced<String>>,
    /// Plugins of third parties whose fixes may be applied.
    pub trust_fixes: Vec<String>,
    /// Longest time from a request's arrival to its answer.
    pub deadline: Option<Duration>,
    /// How long requests are taken after the signal to end.
    pub drain: Option<Duration>,
    /// Requests that may wait for a thread.
    pub queue: Option<u64>,
    /// Threads that judge; 0 for one per core.
    pub threads: Option<u64>,
    /// Largest body of a request, in bytes.
    pub max_body: Option<u64>,
    /// Admit everything, and report what would have been refused.
    pub dry_run_report: Option<bool>,
    /// Least severe log lines.
    pub log: Option<String>,
    /// Where OpenTelemetry traces go: the collector's HTTP address.
    pub otlp_endpoint: Option<String>,
    /// Actions by severity.
    pub actions: Vec<(Severity, Action)>,
    /// `[[serve.enforce]]`, in order; the last that matches decides.
    pub enforce: Vec<Enforce>,
    /// `[[serve.exemption]]`.
    pub exemptions: Vec<Exemption>,
}

/// Which requests an entry is about. Empty lists and `None` match all; what is set must all match.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Match {
    /// `Pod`, `apps/Deployment`.
    pub kinds: Vec<String>,
    /// Globs.
    pub namespaces: Vec<String>,
    /// Label selector of the namespace.
    pub namespace_labels: Option<Sourced<String>>,
    /// Label selector of the object.
    pub labels: Option<Sourced<String>>,
    /// Globs of user names.
    pub users: Vec<String>,
    /// Globs of groups.
    pub groups: Vec<String>,
    /// `CREATE`, `UPDATE`.
    pub operations: Vec<String>,
    /// Subresources that are judged besides those that are by themselves.
    pub subresources: Vec<String>,
}

/// `[[serve.enforce]]`: what rules lead to for some requests.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Enforce {
    /// Where the entry stands.
    pub origin: Origin,
    /// Selectors; empty for every rule.
    pub rules: Vec<Sourced<String>>,
    /// What they lead to.
    pub action: Option<Action>,
    /// For which requests.
    pub matches: Match,
}

/// `[[serve.exemption]]`: requests that rules do not count for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Exemption {
    /// Where the entry stands.
    pub origin: Origin,
    /// Selectors; empty for every rule.
    pub rules: Vec<Sourced<String>>,
    /// For which requests.
    pub matches: Match,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day it holds, UTC, inclusive.
    pub until: Option<Date>,
    /// Issue or ticket.
    pub ticket: Option<String>,
}

impl Serve {
    /// These settings with a higher layer's over them.
    fn under(self, higher: &Self) -> Self {
        fn list<T: Clone>(lower: Vec<T>, higher: &[T]) -> Vec<T> {
            if higher.is_empty() { lower } else { higher.to_vec() }
        }
        fn add<T: Clone>(lower: Vec<T>, higher: &[T]) -> Vec<T> {
            [lower, higher.to_vec()].concat()
        }
        let set = higher.annotation_waivers_set;
        Self {
            listen: higher.listen.clone().or(self.listen),
            ops_listen: higher.ops_listen.clone().or(self.ops_listen),
            tls_cert: higher.tls_cert.clone().or(self.tls_cert),
            tls_key: higher.tls_key.clone().or(self.tls_key),
            client_ca: higher.client_ca.clone().or(self.client_ca),
            client_names: list(self.client_names, &higher.client_names),
            self_signed: higher.self_signed.or(self.self_signed),
            certificate_lifetime: higher.certificate_lifetime.or(self.certificate_lifetime),
            certificate_renew_before: higher.certificate_renew_before.or(self.certificate_renew_before),
            namespace: higher.namespace.clone().or(self.namespace),
            service: higher.service.clone().or(self.service),
            secret: higher.secret.clone().or(self.secret),
            webhook: higher.webhook.clone().or(self.webhook),
            failure_policy: higher.failure_policy.or(self.failure_policy),
            judge_system: higher.judge_system.or(self.judge_system),
            exclude_namespaces: add(self.exclude_namespaces, &higher.exclude_namespaces),
            annotation_waivers: if set { higher.annotation_waivers } else { self.annotation_waivers },
            annotation_waivers_set: set || self.annotation_waivers_set,
            unsafe_fixes: add(self.unsafe_fixes, &higher.unsafe_fixes),
            trust_fixes: add(self.trust_fixes, &higher.trust_fixes),
            deadline: higher.deadline.or(self.deadline),
            drain: higher.drain.or(self.drain),
            queue: higher.queue.or(self.queue),
            threads: higher.threads.or(self.threads),
            max_body: higher.max_body.or(self.max_body),
            dry_run_report: higher.dry_run_report.or(self.dry_run_report),
            log: higher.log.clone().or(self.log),
            otlp_endpoint: higher.otlp_endpoint.clone().or(self.otlp_endpoint),
            actions: add(self.actions, &higher.actions),
            enforce: add(self.enforce, &higher.enforce),
            exemptions: add(self.exemptions, &higher.exemptions),
        }
    }
}

impl Config {
    /// `[serve]` of all layers.
    pub fn serve(&self) -> Serve {
        self.layers.iter().fold(Serve::default(), |lower, layer| lower.under(&layer.serve))
    }

    /// The same settings without what depends on paths, which objects in a cluster do not have: overrides, and waivers of paths.
    #[must_use]
    pub fn without_paths(mut self) -> Self {
        for layer in &mut self.layers {
            layer.overrides.clear();
            layer.waivers.retain(|waiver| waiver.paths.is_empty());
        }
        self
    }
}
