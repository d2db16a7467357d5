//! What conditions are worth: CEL as its reference has it, unknowns as ours.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../../../../tests/reference/ask.rs"]
mod ask;
mod basics;
mod bytes;
mod fixture;
mod generated;
mod reference;
mod refused;
mod rules;
mod unknowns;
mod vectors;
