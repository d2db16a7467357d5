//! The webhook as an API server meets it: a real server, a real TLS client, in one process.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed unwrap is a failed test, and how much was compared is said")]

mod agreement;
mod client;
mod enforcement;
mod faults;
mod limits;
mod mutation;
mod ports;
mod reload;
mod reviews;
mod server;
mod shutdown;
mod updates;
