//! The sandbox against plugins that misbehave: nothing crashes, nothing hangs, other rules' findings stay, and somebody is told.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod builtin;
mod conduct;
mod embedded;
mod loading;
mod specimen;
