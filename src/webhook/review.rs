//! One request from its parsed form to its answer: what runs on the threads that judge.

use crate::answer::{self, Manner};
use crate::decide::{Decision, decide};
use crate::matching::{Context, namespace};
use crate::metrics::Metrics;
use crate::policy::Policy;
use crate::report::Report;
use crate::request::{Object, Request};
use kube::core::admission::{AdmissionResponse, Operation};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Which question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// May this be?
    Validate,
    /// What should be changed?
    Mutate,
}

impl Question {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Mutate => "mutate",
        }
    }
}

/// Everything that judging one request takes.
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) question: Question,
    pub(crate) policy: Arc<Policy>,
    pub(crate) namespace_labels: Option<BTreeMap<String, String>>,
    pub(crate) deadline: Instant,
    pub(crate) dry_run_report: bool,
}

/// Subresources that are whole objects and carry what rules judge. Others are judged where an operator names them.
const WHOLE: [&str; 2] = ["ephemeralcontainers", "resize"];

/// Why a request is admitted without being judged, if it is.
pub(crate) fn passes(request: &Request, policy: &Policy) -> Option<&'static str> {
    match request.operation {
        Operation::Delete => return Some("nothing is judged that is deleted"),
        Operation::Connect => return Some("connections are not judged"),
        Operation::Create | Operation::Update => {}
    }
    if namespace(request).is_some_and(|name| policy.excludes(name)) {
        return Some("the namespace is excluded");
    }
    if let Some(name) = request.sub_resource.as_deref().filter(|name| !name.is_empty())
        && !WHOLE.contains(&name)
        && !policy.judges_subresource(name)
    {
        return Some("the subresource is not judged");
    }
    let Some(object) = &request.object else { return Some("there is no object") };
    object.is_deleting().then_some("the object is being deleted")
}

/// Judges a request.
pub(crate) fn review(job: &Job, metrics: &Metrics, report: &Report) -> AdmissionResponse {
    let Job { request, policy, .. } = job;
    let Some(object) = &request.object else { return answer::passed(request, "there is no object") };
    let context = Context { request, namespace_labels: job.namespace_labels.as_ref() };
    let enforcement = policy.enforcement(&context);
    let unreadable = |error: plimsoll_engine::Unreadable| answer::failed(&request.uid, &error.to_string(), policy.on_failure, 500);
    let mut manner = Manner { failure_policy: policy.on_failure, dry_run_report: job.dry_run_report, digest: &policy.digest, applied: &[] };
    if job.question == Question::Mutate {
        let allowed = |finding: &plimsoll_finding::Finding| enforcement.fixes(finding);
        let mutated = match policy.admission.mutate(object.text(), &allowed, Some(job.deadline)) {
            Ok(mutated) => mutated,
            Err(error) => return unreadable(error),
        };
        // Whether the object may be is for validation to say, after every webhook has changed what it will.
        manner.applied = &mutated.applied;
        let response = answer::judged(request, &Decision::default(), &manner);
        metrics.fixed(&mutated.applied);
        return match mutated.patch {
            Some(patch) if !job.dry_run_report => {
                let failed = |error: kube::core::admission::SerializePatchError| {
                    answer::failed(&request.uid, &error.to_string(), policy.on_failure, 500)
                };
                response.with_patch(patch).unwrap_or_else(failed)
            }
            _ => response,
        };
    }
    let reviewed = match policy.admission.review(object.text(), Some(job.deadline)) {
        Ok(reviewed) => reviewed,
        Err(error) => return unreadable(error),
    };
    let decision = decide(&enforcement, reviewed, || {
        let old: &Object = request.old_object.as_ref().filter(|_| request.operation == Operation::Update)?;
        policy.admission.review(old.text(), Some(job.deadline)).ok()
    });
    metrics.judged(&decision);
    if job.dry_run_report && decision.denies(policy.on_failure) {
        report.add(request, &decision);
    }
    log(request, policy, &decision, job.dry_run_report);
    answer::judged(request, &decision, &manner)
}

/// A line for what an operator wants to know of: refusals, and rules that gave no answer. What was admitted is told at debug level.
fn log(request: &Request, policy: &Policy, decision: &Decision, dry_run_report: bool) {
    let denied = decision.denies(policy.on_failure);
    let rules: Vec<&str> = decision.denials().map(|one| &*one.finding.rule).collect();
    for (one, _) in &decision.unjudged {
        tracing::error!(uid = request.uid, plugin = one.plugin, rules = one.rules.len(), message = one.message, "rules gave no answer");
    }
    if denied {
        tracing::info!(
            uid = request.uid,
            kind = request.kind.kind,
            namespace = request.namespace.as_deref().unwrap_or_default(),
            name = request.object.as_ref().map_or("", |object| object.name()),
            user = request.user_info.username.as_deref().unwrap_or_default(),
            operation = crate::matching::operation_name(&request.operation),
            dry_run = request.dry_run,
            admitted = dry_run_report,
            policy = policy.digest,
            ?rules,
            "refused"
        );
    } else {
        tracing::debug!(uid = request.uid, kind = request.kind.kind, findings = decision.weighed.len(), "admitted");
    }
}
