//! `workspace/didChangeWatchedFiles`: what others, or the editor behind our back, have done to the disk.

use crate::protocol::DidChangeWatchedFilesParams;
use crate::server::Server;
use crate::uri;
use serde_json::{Value, json};

/// Whatever a verdict can depend on: what is judged, what it reads, settings, users' rules and plugins.
const WATCHED: [&str; 11] = [
    "**/*.toml",
    "**/.dockerignore",
    "**/*.dockerignore",
    "**/{.gitignore,.ignore}",
    "**/*{Dockerfile,dockerfile,Containerfile,containerfile}*",
    "**/*.{yaml,yml,json}",
    "**/*.{tf,tfvars}",
    "**/*.env",
    "**/.env*",
    "**/*.wasm",
    "**/*.md",
];

pub(crate) fn registration() -> Value {
    let watchers: Vec<Value> = WATCHED.iter().map(|glob| json!({"globPattern": glob})).collect();
    json!({"registrations": [{
        "id": "plimsoll/watched-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    }]})
}

pub(crate) fn take(server: &mut Server, params: DidChangeWatchedFilesParams) {
    for change in params.changes {
        if let Some(path) = uri::to_path(&change.uri) {
            server.session.touch(&path);
        }
    }
}
