//! The HTTPS port: `POST /validate`, `POST /mutate`.

use crate::answer;
use crate::body::{Budget, Unread};
use crate::health::Health;
use crate::matching::namespace;
use crate::metrics::{Metrics, Outcome};
use crate::namespaces::NamespaceLabels;
use crate::policy::{OVERLOAD, Policy};
use crate::queue::Queue;
use crate::report::Report;
use crate::request;
use crate::review::{Job, Question, passes, review};
use crate::throttle::Throttle;
use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kube::core::admission::AdmissionResponse;
use plimsoll_config::FailurePolicy;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::Instrument as _;

/// Share of an API server's own timeout that an answer may take: it has a way back to go.
const OF_TIMEOUT: f64 = 0.9;
/// Share of that which judging may take: a plugin that uses all of it must not keep what others found from being said in time.
const OF_ANSWER: f64 = 0.95;

/// What requests are answered with.
pub(crate) struct Edge {
    pub(crate) policy: Arc<ArcSwap<Policy>>,
    pub(crate) queue: Queue,
    pub(crate) budget: Budget,
    pub(crate) namespaces: NamespaceLabels,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) report: Arc<Report>,
    pub(crate) health: Arc<Health>,
    pub(crate) dry_run_report: bool,
    /// Lines about requests that were too many.
    pub(crate) overloads: Throttle,
    /// Lines about requests that are none.
    pub(crate) unread: Throttle,
}

/// Routes of the HTTPS port. Health is there too, for whoever cannot reach the other.
pub(crate) fn routes(edge: Arc<Edge>) -> Router {
    let ask = |question| {
        post(move |State(edge): State<Arc<Edge>>, uri: Uri, headers: HeaderMap, body: Body| serve(edge, question, uri, headers, body))
    };
    Router::new()
        .route("/validate", ask(Question::Validate))
        .route("/mutate", ask(Question::Mutate))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(|State(edge): State<Arc<Edge>>| async move { edge.health.answer() }))
        .with_state(edge)
}

/// By when things are done.
#[derive(Debug, Clone, Copy)]
struct Time {
    judging: Instant,
    answer: Instant,
}

async fn serve(edge: Arc<Edge>, question: Question, uri: Uri, headers: HeaderMap, body: Body) -> Response {
    let arrived = Instant::now();
    let policy = edge.policy.load_full();
    let time = timeout(&uri).map_or(policy.deadline, |theirs| theirs.mul_f64(OF_TIMEOUT).min(policy.deadline));
    let (response, outcome) =
        answer(&edge, question, &policy, Time { judging: arrived + time.mul_f64(OF_ANSWER), answer: arrived + time }, &headers, body).await;
    edge.metrics.answered(question, outcome, arrived.elapsed());
    let mut response = response;
    if edge.health.is_draining() {
        // Over HTTP/1 this ends the connection between two requests, where nothing can be lost. HTTP/2 has frames for it.
        response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    }
    response
}

/// The time that the API server itself gives an answer: it says so in the address.
fn timeout(uri: &Uri) -> Option<Duration> {
    let query = uri.query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("timeout="))?;
    plimsoll_config::parse_duration(value).filter(|timeout| !timeout.is_zero())
}

async fn answer(edge: &Edge, question: Question, policy: &Arc<Policy>, time: Time, headers: &HeaderMap, body: Body) -> (Response, Outcome) {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/json")) {
        return refuse(edge, StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json");
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let read = match tokio::time::timeout_at(time.answer.into(), edge.budget.read(body, announced)).await {
        Err(_) => return refuse(edge, StatusCode::REQUEST_TIMEOUT, "the body did not arrive before the deadline"),
        Ok(Err(Unread::TooLarge)) => return refuse(edge, StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than the limit (max-body)"),
        Ok(Err(Unread::NoRoom)) => return refuse(edge, StatusCode::SERVICE_UNAVAILABLE, "too many large requests at once"),
        Ok(Err(Unread::Broken(why))) => return refuse(edge, StatusCode::BAD_REQUEST, &format!("the body broke off: {why}")),
        Ok(Ok(read)) => read,
    };
    if !edge.queue.has_room() {
        return overloaded(edge, policy, request::uid(&read.bytes).as_deref());
    }
    let request = match request::read(&read.bytes) {
        Ok(request) => request,
        Err(why) => return refuse(edge, StatusCode::BAD_REQUEST, &why),
    };
    drop(read);
    if let Some(why) = passes(&request, policy) {
        return review_of(answer::passed(&request, why), Outcome::Passed);
    }
    let mut labels = None;
    if policy.needs_namespace_labels()
        && let Some(name) = namespace(&request)
    {
        // A namespace that is being made is in no watch yet: its labels are what the request says.
        labels = match &request.object {
            Some(object) if request.kind.kind == "Namespace" && request.kind.group.is_empty() => {
                Some(object.labels().cloned().unwrap_or_default())
            }
            _ => edge.namespaces.labels(name, time.judging).await,
        };
        if labels.is_none() {
            return failed(policy, &request.uid, "labels of namespaces are not known yet", 500);
        }
    }
    let (deadline, dry_run_report) = (time.judging, edge.dry_run_report);
    let job = Job { request, question, policy: policy.clone(), namespace_labels: labels, deadline, dry_run_report };
    judge(edge, job, time.answer).await
}

async fn judge(edge: &Edge, job: Job, deadline: Instant) -> (Response, Outcome) {
    let (policy, uid) = (job.policy.clone(), job.request.uid.clone());
    let span = tracing::info_span!("review", uid, question = job.question.name(), kind = job.request.kind.kind, operation = ?job.request.operation);
    let (metrics, report) = (edge.metrics.clone(), edge.report.clone());
    let (sender, receiver) = oneshot::channel();
    let within = span.clone();
    let task = move || {
        metrics.queue.dec();
        // What has waited too long is not begun.
        if sender.is_closed() || job.deadline <= Instant::now() {
            let _ = sender.send(None);
            return;
        }
        let response = within.in_scope(|| review(&job, &metrics, &report));
        let allowed = response.allowed;
        let text = serde_json::to_vec(&response.into_review()).unwrap_or_default();
        let _ = sender.send(Some((allowed, text)));
    };
    edge.metrics.queue.inc();
    if edge.queue.push(task).is_err() {
        edge.metrics.queue.dec();
        return overloaded(edge, &policy, Some(&uid));
    }
    match tokio::time::timeout_at(deadline.into(), receiver).instrument(span).await {
        Ok(Ok(Some((allowed, text)))) => (json(text), if allowed { Outcome::Allowed } else { Outcome::Denied }),
        Ok(Ok(None)) | Err(_) => failed(&policy, &uid, "the deadline is over", 504),
        // The review panicked.
        Ok(Err(_)) => failed(&policy, &uid, "an internal error", 500),
    }
}

fn overloaded(edge: &Edge, policy: &Policy, uid: Option<&str>) -> (Response, Outcome) {
    let Some(uid) = uid else { return refuse(edge, StatusCode::BAD_REQUEST, "the body is not an AdmissionReview") };
    if let Some(more) = edge.overloads.pass() {
        tracing::warn!(uid, why = OVERLOAD, more, admitted = policy.on_failure == FailurePolicy::Ignore, "a request was not judged");
    }
    (json(policy.overload.text(uid)), Outcome::Overloaded)
}

fn failed(policy: &Policy, uid: &str, why: &str, code: u16) -> (Response, Outcome) {
    tracing::warn!(uid, why, admitted = policy.on_failure == FailurePolicy::Ignore, "a request was not judged");
    review_of(answer::failed(uid, why, policy.on_failure, code), Outcome::Failed)
}

fn review_of(response: AdmissionResponse, outcome: Outcome) -> (Response, Outcome) {
    (json(serde_json::to_vec(&response.into_review()).unwrap_or_default()), outcome)
}

fn json(text: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// A request that cannot be answered by an `AdmissionReview`. An API server then does what its own failure policy says.
fn refuse(edge: &Edge, status: StatusCode, why: &str) -> (Response, Outcome) {
    if let Some(more) = edge.unread.pass() {
        tracing::warn!(status = status.as_u16(), why, more, "a request was refused unread");
    }
    let response = (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONNECTION, "close")], format!("{why}\n"));
    (response.into_response(), Outcome::Unreadable)
}
