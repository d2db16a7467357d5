//! The HTTPS port: `POST /validate`, `POST /mutate`.

use crate::answer;
use crate::body::{Budget, Read, Unread};
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
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::Instrument as _;
use tracing::field::Empty;

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
    let Some(uid) = request::uid(&read.bytes) else {
        let why = request::read(&read.bytes).err().unwrap_or_else(|| "the request has no uid".to_owned());
        return refuse(edge, StatusCode::BAD_REQUEST, &why);
    };
    let mut labels = None;
    if policy.needs_namespace_labels() {
        labels = match namespace_labels(edge, policy, &read.bytes, time.judging).await {
            Ok(labels) => labels,
            Err(Unlabelled::Unreadable(why)) => return refuse(edge, StatusCode::BAD_REQUEST, &why),
            Err(Unlabelled::Unknown) => return failed(policy, &uid, "labels of namespaces are not known yet", 500),
        };
    }
    judge(edge, Asked { uid, read, question, policy: policy.clone(), labels }, time).await
}

/// Why there are no labels to judge by.
enum Unlabelled {
    /// Nobody has said them yet.
    Unknown,
    /// The body is no request.
    Unreadable(String),
}

/// The labels of the namespace that a request is about; none where it is about none, or is not judged.
async fn namespace_labels(
    edge: &Edge,
    policy: &Policy,
    body: &[u8],
    deadline: Instant,
) -> Result<Option<BTreeMap<String, String>>, Unlabelled> {
    let request = request::read(body).map_err(Unlabelled::Unreadable)?;
    let Some(name) = namespace(&request).filter(|_| passes(&request, policy).is_none()) else { return Ok(None) };
    // A namespace that is being made is in no watch yet: its labels are what the request says.
    if let Some(object) = request.object.as_ref().filter(|_| request.kind.kind == "Namespace" && request.kind.group.is_empty()) {
        return Ok(Some(object.labels().cloned().unwrap_or_default()));
    }
    edge.namespaces.labels(name, deadline).await.map(Some).ok_or(Unlabelled::Unknown)
}

/// A request on its way to the threads that judge.
struct Asked {
    uid: String,
    read: Read,
    question: Question,
    policy: Arc<Policy>,
    labels: Option<BTreeMap<String, String>>,
}

/// What a thread that judges made of one.
enum Answer {
    Reviewed {
        allowed: bool,
        text: Vec<u8>,
    },
    Passed(AdmissionResponse),
    Unreadable(String),
    /// It has waited too long.
    Late,
}

async fn judge(edge: &Edge, asked: Asked, time: Time) -> (Response, Outcome) {
    let (policy, uid) = (asked.policy.clone(), asked.uid.clone());
    let span = tracing::info_span!("review", uid, question = asked.question.name(), kind = Empty, operation = Empty);
    let (metrics, report) = (edge.metrics.clone(), edge.report.clone());
    let (sender, receiver) = oneshot::channel();
    let (within, dry_run_report) = (span.clone(), edge.dry_run_report);
    let task = move || {
        metrics.queue.dec();
        // What has waited too long is not begun.
        if sender.is_closed() || time.judging <= Instant::now() {
            let _ = sender.send(Answer::Late);
            return;
        }
        let _ = sender.send(within.in_scope(|| answered(asked, time.judging, dry_run_report, &metrics, &report)));
    };
    edge.metrics.queue.inc();
    if edge.queue.push(task).is_err() {
        edge.metrics.queue.dec();
        return overloaded(edge, &policy, Some(&uid));
    }
    match tokio::time::timeout_at(time.answer.into(), receiver).instrument(span).await {
        Ok(Ok(Answer::Reviewed { allowed, text })) => (json(text), if allowed { Outcome::Allowed } else { Outcome::Denied }),
        Ok(Ok(Answer::Passed(response))) => review_of(response, Outcome::Passed),
        Ok(Ok(Answer::Unreadable(why))) => refuse(edge, StatusCode::BAD_REQUEST, &why),
        Ok(Ok(Answer::Late)) | Err(_) => failed(&policy, &uid, "the deadline is over", 504),
        // The review panicked.
        Ok(Err(_)) => failed(&policy, &uid, "an internal error", 500),
    }
}

/// Reads and judges a request. Both on one thread and at one time: what is read would be cold by the time it is judged, had it waited.
fn answered(asked: Asked, deadline: Instant, dry_run_report: bool, metrics: &Metrics, report: &Report) -> Answer {
    let Asked { read, question, policy, labels, .. } = asked;
    let request = match request::read(&read.bytes) {
        Ok(request) => request,
        Err(why) => return Answer::Unreadable(why),
    };
    drop(read);
    let span = tracing::Span::current();
    span.record("kind", &*request.kind.kind);
    span.record("operation", tracing::field::debug(&request.operation));
    if let Some(why) = passes(&request, &policy) {
        return Answer::Passed(answer::passed(&request, why));
    }
    let response = review(&Job { request, question, policy, namespace_labels: labels, deadline, dry_run_report }, metrics, report);
    let allowed = response.allowed;
    Answer::Reviewed { allowed, text: serde_json::to_vec(&response.into_review()).unwrap_or_default() }
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
