//! What would have been refused: the report of `--dry-run-report`.

use crate::decide::Decision;
use crate::request::Request;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Lines beyond which further ones are only counted: a report must not grow for ever.
const MAX_LINES: usize = 10_000;

/// Refusals by rule, kind and namespace.
#[derive(Debug, Default)]
pub(crate) struct Report {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    requests: u64,
    more: u64,
    lines: BTreeMap<Key, Line>,
}

type Key = (String, String, String);

#[derive(Debug, Default)]
struct Line {
    count: u64,
    last_object: String,
    last_user: String,
    last_message: String,
}

impl Report {
    /// Counts a request that would have been refused.
    pub(crate) fn add(&self, request: &Request, decision: &Decision) {
        let namespace = request.namespace.clone().unwrap_or_default();
        let object = request.object.as_ref().map_or("", |object| object.name());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.requests += 1;
        for one in decision.denials() {
            let key = (one.finding.rule.to_string(), request.kind.kind.clone(), namespace.clone());
            if state.lines.len() >= MAX_LINES && !state.lines.contains_key(&key) {
                state.more += 1;
                continue;
            }
            let line = state.lines.entry(key).or_default();
            line.count += 1;
            object.clone_into(&mut line.last_object);
            line.last_user = request.user_info.username.clone().unwrap_or_default();
            line.last_message.clone_from(&one.finding.message);
        }
    }

    /// The report so far.
    pub(crate) fn json(&self) -> Value {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<Value> = state
            .lines
            .iter()
            .map(|((rule, kind, namespace), line)| {
                json!({
                    "rule": rule, "kind": kind, "namespace": namespace, "count": line.count,
                    "last": {"object": line.last_object, "user": line.last_user, "message": line.last_message},
                })
            })
            .collect();
        json!({"schema": "plimsoll/dry-run/1", "requests": state.requests, "refusals": lines, "more": state.more})
    }
}
