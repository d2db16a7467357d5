//! The server over a connection in memory, a file per request.
#![allow(clippy::needless_pass_by_value, reason = "what is sent is written where it is sent")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod cancel;
mod client;
mod code_action;
mod completion;
mod did_change;
mod did_change_configuration;
mod did_change_watched_files;
mod did_change_workspace_folders;
mod document_diagnostic;
mod hover;
mod initialize;
mod plugin;
mod progress;
mod properties;
mod publish_diagnostics;
mod shutdown;
