//! The plain port: health, figures, the dry-run report. Nothing secret is on it.

use crate::health::Health;
use crate::metrics::Metrics;
use crate::report::Report;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::sync::Arc;

/// What the port shows.
#[derive(Clone)]
pub(crate) struct Ops {
    pub(crate) health: Arc<Health>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) report: Arc<Report>,
}

const PROMETHEUS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Routes of the plain port.
pub(crate) fn routes(ops: Ops) -> Router {
    let Ops { health, metrics, report } = ops;
    let figures = {
        let health = health.clone();
        move || async move {
            metrics.ready.set(i64::from(health.is_ready()));
            ([(header::CONTENT_TYPE, PROMETHEUS)], metrics.text())
        }
    };
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { health.answer() }))
        .route("/metrics", get(figures))
        .route("/report", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], report.json().to_string()) }))
}
