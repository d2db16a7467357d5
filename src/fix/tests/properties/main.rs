//! Any ops on any file of each format: edits stay apart and in range, the result parses, says what was asked for, and keeps the rest.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod compose;
mod dice;
mod dockerfile;
mod kubernetes;
mod patch;
#[path = "../support/mod.rs"]
mod support;
mod terraform;
mod tree;
