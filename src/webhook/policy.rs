//! The operator's settings of the hour: rules, what they lead to, and who is exempt. Made anew when files change, and swapped whole.

use crate::answer::Prepared;
use crate::matching::{Context, Matcher};
use plimsoll_config::{Action, Config, FailurePolicy, Serve};
use plimsoll_engine::{Admission, Engine, Request};
use plimsoll_finding::{Applicability, Finding, Severity, Waived};
use plimsoll_source::{ConfigLookup, Roots};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time that a policy may take over its canary.
const CANARY_DEADLINE: Duration = Duration::from_secs(10);

/// Why a request that is too many was not judged.
pub(crate) const OVERLOAD: &str = "too many requests at once; try again";

/// Where policies are read from.
#[derive(Debug, Clone)]
pub struct PolicySource {
    /// Where relative paths start, absolute: the folder of the configuration that was named, or the working directory.
    pub cwd: PathBuf,
    /// Where the configuration is.
    pub lookup: ConfigLookup,
    /// What flags and environment say over it.
    pub layer: plimsoll_config::Layer,
}

/// One state of the settings. Requests that began with it end with it.
pub(crate) struct Policy {
    pub(crate) admission: Admission,
    pub(crate) on_failure: FailurePolicy,
    pub(crate) deadline: Duration,
    /// Tells states apart, in logs, metrics and audit annotations.
    pub(crate) digest: String,
    /// What requests are answered that are too many.
    pub(crate) overload: Prepared,
    excluded: Vec<String>,
    actions: Vec<(Severity, Action)>,
    enforce: Vec<Entry>,
    exemptions: Vec<Exempt>,
    unsafe_fixes: BTreeSet<String>,
    subresources: BTreeSet<String>,
    needs_namespace_labels: bool,
}

/// An entry of `[[serve.enforce]]`.
struct Entry {
    matcher: Matcher,
    /// Ids; `None` for every rule.
    rules: Option<BTreeSet<String>>,
    action: Option<Action>,
}

/// An entry of `[[serve.exemption]]`.
struct Exempt {
    matcher: Matcher,
    rules: Option<BTreeSet<String>>,
    waived: Waived,
}

/// What rules lead to for one request.
pub(crate) struct Enforcement<'p> {
    policy: &'p Policy,
    entries: Vec<&'p Entry>,
    exemptions: Vec<&'p Exempt>,
}

impl PolicySource {
    /// The configuration as it is now.
    pub fn config(&self) -> Config {
        let root = Roots::new(self.lookup.clone()).of(&self.cwd, &self.cwd);
        let config = root.config.as_deref().map_or_else(Config::default, |file| plimsoll_config::load(file, &root.path));
        config.with(self.layer.clone())
    }

    /// The folder that paths of the configuration are relative to.
    pub fn folder(&self) -> PathBuf {
        let root = Roots::new(self.lookup.clone()).of(&self.cwd, &self.cwd);
        root.config.as_deref().and_then(Path::parent).unwrap_or(&root.path).to_owned()
    }

    /// Every file and folder that a policy is made of.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let root = Roots::new(self.lookup.clone()).of(&self.cwd, &self.cwd);
        let config = self.config();
        let of_layers = config.layers.iter().filter_map(|layer| match &layer.origin {
            plimsoll_config::Origin::File { path, .. } => Some(path.to_path_buf()),
            _ => None,
        });
        let mut files: Vec<PathBuf> = of_layers.chain(root.config.iter().cloned()).collect();
        let place = |origin: &plimsoll_config::Origin| match origin {
            plimsoll_config::Origin::CommandLine => self.cwd.clone(),
            _ => root.path.clone(),
        };
        files.extend(config.rule_paths().iter().map(|path| place(&path.origin).join(&path.value)));
        files.extend(config.plugins().map(|plugin| place(&plugin.origin).join(&plugin.path)));
        files
    }

    /// Reads the settings, loads the rules and lets them judge the canary. An error leaves the caller with what it had.
    pub(crate) fn load(&self, engine: &Engine, own_namespace: Option<&str>) -> Result<Policy, Vec<String>> {
        let config = self.config();
        let request = Request {
            cwd: &self.cwd,
            paths: &[],
            stdin: None,
            lookup: self.lookup.clone(),
            layer: self.layer.clone(),
            trust: config.serve().trust_fixes,
            fix: None,
            waivers: true,
            today: plimsoll_verdict::today(),
            threads: 0,
            alone: true,
            cache: None,
            shard: None,
            progress: None,
            organisation: None,
            since: None,
        };
        let admission = Admission::new(engine, &request)?;
        let policy = Policy::new(&config.serve(), admission, own_namespace)?;
        policy.canary().map_err(|error| vec![error])?;
        Ok(policy)
    }
}

/// A pod that every rule has something to look at in: one that does nothing well.
pub fn canary() -> &'static str {
    include_str!("canary.json")
}

impl Policy {
    fn new(serve: &Serve, admission: Admission, own_namespace: Option<&str>) -> Result<Self, Vec<String>> {
        let mut errors = vec![];
        let known = admission.known();
        let mut resolve = |rules: &[plimsoll_config::Sourced<String>]| -> Option<BTreeSet<String>> {
            if rules.is_empty() {
                return None;
            }
            let mut ids = BTreeSet::new();
            for selector in rules {
                if let Some(selected) = known.select(&selector.value) {
                    ids.extend(selected.rules.iter().filter_map(|rule| admission.id_of(*rule)).map(str::to_owned));
                } else {
                    let hint = known.near(&selector.value).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
                    errors.push(format!("{}: no rule is named by `{}`{hint}", selector.origin, selector.value));
                }
            }
            Some(ids)
        };
        let enforced: Vec<_> = serve.enforce.iter().map(|entry| (resolve(&entry.rules), entry)).collect();
        let exempted: Vec<_> = serve.exemptions.iter().map(|entry| (resolve(&entry.rules), entry)).collect();
        let unsafe_fixes = if serve.unsafe_fixes.is_empty() { None } else { resolve(&serve.unsafe_fixes) };
        let enforce: Vec<Entry> = enforced
            .into_iter()
            .map(|(rules, entry)| Entry { matcher: Matcher::new(&entry.matches, &mut errors), rules, action: entry.action })
            .collect();
        let today = plimsoll_verdict::today();
        let (current, expired): (Vec<_>, Vec<_>) =
            exempted.into_iter().partition(|(_, entry)| entry.until.is_none_or(|until| until >= today));
        for (_, entry) in &expired {
            tracing::warn!(at = %entry.origin, reason = entry.reason, owner = entry.owner, "an exemption has expired and does not count");
        }
        let exemptions: Vec<Exempt> = current
            .into_iter()
            .map(|(rules, entry)| Exempt {
                matcher: Matcher::new(&entry.matches, &mut errors),
                rules,
                waived: Waived {
                    by: "exemption".to_owned(),
                    at: None,
                    reason: entry.reason.clone(),
                    owner: entry.owner.clone(),
                    until: entry.until.map(|until| until.to_string()),
                    ticket: entry.ticket.clone(),
                },
            })
            .collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut excluded = serve.exclude_namespaces.clone();
        if serve.judge_system != Some(true) {
            excluded.push("kube-system".to_owned());
            excluded.extend(own_namespace.map(str::to_owned));
        }
        let matchers = || enforce.iter().map(|entry| &entry.matcher).chain(exemptions.iter().map(|entry| &entry.matcher));
        let on_failure = serve.failure_policy.unwrap_or_default();
        Ok(Self {
            digest: digest(serve, &admission),
            overload: Prepared::new(OVERLOAD, on_failure, 429),
            on_failure,
            deadline: serve.deadline.unwrap_or(Duration::from_secs(8)),
            excluded,
            actions: serve.actions.clone(),
            unsafe_fixes: unsafe_fixes.unwrap_or_default(),
            subresources: enforce.iter().flat_map(|entry| entry.matcher.subresources().iter().cloned()).collect(),
            needs_namespace_labels: matchers().any(Matcher::needs_namespace_labels),
            enforce,
            exemptions,
            admission,
        })
    }

    /// Judges the canary with every plugin.
    fn canary(&self) -> Result<(), String> {
        let reviewed = self
            .admission
            .review(canary(), Some(Instant::now() + CANARY_DEADLINE))
            .map_err(|error| format!("the canary cannot be read: {error}"))?;
        if let Some(one) = reviewed.unjudged.first() {
            return Err(format!("plugin `{}` did not judge the canary: {}", one.plugin, one.message));
        }
        let in_force = self.admission.rules().any(|rule| rule.id == "kubernetes/privileged");
        let found = reviewed.findings.iter().any(|finding| &*finding.rule == "kubernetes/privileged");
        if in_force && !found { Err("the rules found nothing in the canary, which is privileged".to_owned()) } else { Ok(()) }
    }

    /// Whether a namespace is not judged.
    pub(crate) fn excludes(&self, namespace: &str) -> bool {
        self.excluded.iter().any(|glob| crate::matching::wildcard(glob, namespace))
    }

    /// Whether an operator wants a subresource judged.
    pub(crate) fn judges_subresource(&self, name: &str) -> bool {
        self.subresources.contains(name)
    }

    /// Whether labels of namespaces decide anything.
    pub(crate) const fn needs_namespace_labels(&self) -> bool {
        self.needs_namespace_labels
    }

    /// What rules lead to for a request.
    pub(crate) fn enforcement(&self, context: &Context<'_>) -> Enforcement<'_> {
        Enforcement {
            policy: self,
            entries: self.enforce.iter().filter(|entry| entry.action.is_some() && entry.matcher.matches(context)).collect(),
            exemptions: self.exemptions.iter().filter(|entry| entry.matcher.matches(context)).collect(),
        }
    }
}

impl Enforcement<'_> {
    /// What a rule leads to whose severity is this. The last entry that covers it decides.
    pub(crate) fn action(&self, rule: &str, severity: Severity) -> Action {
        let covers = |rules: &Option<BTreeSet<String>>| rules.as_ref().is_none_or(|rules| rules.contains(rule));
        if let Some(action) = self.entries.iter().rev().find(|entry| covers(&entry.rules)).and_then(|entry| entry.action) {
            return action;
        }
        let set = self.policy.actions.iter().rev().find(|(of, _)| *of == severity);
        set.map_or_else(|| Action::of(severity), |(_, action)| *action)
    }

    /// What a rule leads to that gave no answer, and so no severity of its own.
    pub(crate) fn action_of_rule(&self, rule: &str) -> Action {
        let severity = self.policy.admission.rules().find(|meta| meta.id == rule).map_or(Severity::High, |meta| meta.severity);
        self.action(rule, severity)
    }

    /// Why a rule does not count, if it is exempt.
    pub(crate) fn exempts(&self, rule: &str) -> Option<&Waived> {
        let covers = |rules: &Option<BTreeSet<String>>| rules.as_ref().is_none_or(|rules| rules.contains(rule));
        self.exemptions.iter().find(|entry| covers(&entry.rules)).map(|entry| &entry.waived)
    }

    /// How far a finding's fix may go; `None` to leave it.
    pub(crate) fn fixes(&self, finding: &Finding) -> Option<Applicability> {
        if self.action(&finding.rule, finding.severity) == Action::Off || self.exempts(&finding.rule).is_some() {
            return None;
        }
        let listed = self.policy.unsafe_fixes.contains(&*finding.rule);
        Some(if listed { Applicability::Unsafe } else { Applicability::Safe })
    }
}

fn digest(serve: &Serve, admission: &Admission) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{serve:?}"));
    for rule in admission.rules() {
        hash.update(format!("{}{:?}", rule.id, rule.severity));
    }
    for (name, version) in admission.third_parties() {
        hash.update(format!("{name}{version}"));
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
