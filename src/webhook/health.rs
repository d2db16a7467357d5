//! Whether requests should come here.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicBool, Ordering};

/// What readiness is made of.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Every plugin has loaded and judged the canary.
    rules: AtomicBool,
    /// There is a certificate to serve with.
    certificate: AtomicBool,
    /// Labels of namespaces are known, or not needed.
    namespaces: AtomicBool,
    draining: AtomicBool,
}

impl Health {
    pub(crate) fn rules_are_ready(&self) {
        self.rules.store(true, Ordering::Release);
    }

    pub(crate) fn certificate_is_ready(&self) {
        self.certificate.store(true, Ordering::Release);
    }

    pub(crate) fn namespaces_are_ready(&self) {
        self.namespaces.store(true, Ordering::Release);
    }

    /// From here on no new requests should come.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Whether requests should come.
    pub(crate) fn is_ready(&self) -> bool {
        self.checks().iter().all(|(_, fine)| *fine)
    }

    /// The answer to `/readyz`.
    pub(crate) fn answer(&self) -> Response {
        let lines: String = self.checks().iter().map(|(name, fine)| format!("[{}] {name}\n", if *fine { '+' } else { '-' })).collect();
        let status = if self.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, lines).into_response()
    }

    fn checks(&self) -> [(&'static str, bool); 4] {
        [
            ("rules", self.rules.load(Ordering::Acquire)),
            ("certificate", self.certificate.load(Ordering::Acquire)),
            ("namespaces", self.namespaces.load(Ordering::Acquire)),
            ("not draining", !self.is_draining()),
        ]
    }
}
