//! `plimsoll serve`: the admission webhook.
//!
//! Async at the edge alone: [`server`](mod@server) takes connections, reads requests within limits and hands them to a bounded queue; threads judge, one per
//! core. What a request is answered is worked out by pure functions: `request` reads it, [`policy`](mod@policy) holds the operator's settings of the hour,
//! `decide` weighs findings, `answer` words them.

mod answer;
mod body;
mod decide;
mod health;
mod labels;
mod listener;
mod matching;
mod metrics;
mod namespaces;
mod ops;
mod policy;
mod queue;
mod reload;
mod report;
mod request;
mod review;
mod routes;
mod server;
mod settings;
mod stream;
mod telemetry;
mod throttle;
mod tls;

pub use namespaces::NamespaceLabels;
pub use policy::{PolicySource, canary};
pub use server::{Running, ServeError, serve, start};
pub use settings::{Certificate, Settings};
pub use telemetry::logs;
