//! A client that is a test.

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use plimsoll_lsp::{Ending, Options};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time after which a server counts as hanging. Far above what anything takes, so that a busy machine does not fail a test.
const HANG: Duration = Duration::from_mins(1);

pub(crate) struct Client {
    pub(crate) folder: tempfile::TempDir,
    connection: Option<Connection>,
    server: Option<JoinHandle<Ending>>,
    requests: i32,
    /// What came from the server and was not asked about yet.
    pub(crate) notifications: VecDeque<Notification>,
    pub(crate) asked: Vec<Request>,
    answers: Vec<Response>,
    /// The last diagnostics of each file.
    pub(crate) published: BTreeMap<PathBuf, Value>,
    versions: BTreeMap<PathBuf, i32>,
    pub(crate) capabilities: Value,
}

pub(crate) fn options(cache: &Path) -> Options {
    Options {
        cache: Some(cache.to_owned()),
        lookup: plimsoll_source::ConfigLookup::Closest,
        layer: plimsoll_config::Layer::default(),
        trust: vec![],
        today: || "2026-06-01".parse().unwrap(),
    }
}

/// What a client that can do everything says of itself.
pub(crate) fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": true, "tagSupport": {"valueSet": [1, 2]}, "dataSupport": true, "codeDescriptionSupport": true},
            "codeAction": {"dataSupport": true, "disabledSupport": true, "isPreferredSupport": true, "resolveSupport": {"properties": ["edit"]}, "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}}},
        },
        "workspace": {
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "workspaceFolders": true,
        },
        "window": {"workDoneProgress": true},
    })
}

impl Client {
    /// A server on a project with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(able(), json!(null), files)
    }

    pub(crate) fn with(capabilities: Value, settings: Value, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut client = Self {
            folder,
            connection: None,
            server: None,
            requests: 0,
            notifications: VecDeque::new(),
            asked: vec![],
            answers: vec![],
            published: BTreeMap::new(),
            versions: BTreeMap::new(),
            capabilities: Value::Null,
        };
        if !files.iter().any(|(name, _)| *name == "plimsoll.toml") {
            client.write("plimsoll.toml", "");
        }
        for (name, text) in files {
            client.write(name, text);
        }
        let (ours, theirs) = Connection::memory();
        let cache = client.root().join(".cache");
        client.server = Some(std::thread::spawn(move || plimsoll_lsp::serve(theirs, options(&cache))));
        client.connection = Some(ours);
        let folders = json!([{"uri": client.uri(""), "name": "root"}]);
        let answer = client.request(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders, "initializationOptions": settings}),
        );
        client.capabilities = answer["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root() } else { self.root().join(name) }
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn send(&self, message: impl Into<Message>) {
        self.connection.as_ref().unwrap().sender.send(message.into()).unwrap();
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params });
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(Request { id: id.clone(), method: method.to_owned(), params });
        id
    }

    pub(crate) fn answer(&mut self, id: &RequestId) -> Response {
        self.until(|client| client.answers.iter().any(|answer| answer.id == *id));
        let at = self.answers.iter().position(|answer| answer.id == *id).unwrap();
        self.answers.remove(at)
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(&id).response_result.unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    /// Reads until something is so.
    #[track_caller]
    pub(crate) fn until(&mut self, so: impl Fn(&Self) -> bool) {
        let end = Instant::now() + HANG;
        while !so(self) {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.connection.as_ref().unwrap().receiver.recv_timeout(left);
            self.take(message.expect("the server says no more"));
        }
    }

    /// Reads what comes for a while.
    pub(crate) fn linger(&mut self, time: Duration) {
        while let Ok(message) = self.connection.as_ref().unwrap().receiver.recv_timeout(time) {
            self.take(message);
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Response(response) => self.answers.push(response),
            Message::Request(request) => {
                self.send(Response::new_ok(request.id.clone(), Value::Null));
                self.asked.push(request);
            }
            Message::Notification(notification) => {
                if notification.method == "textDocument/publishDiagnostics" {
                    let path = notification.params["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
                    self.published.insert(PathBuf::from(path), notification.params.clone());
                }
                self.notifications.push_back(notification);
            }
        }
    }

    pub(crate) fn open(&mut self, name: &str, text: &str) {
        self.versions.insert(self.path(name), 1);
        let uri = self.uri(name);
        self.notify("textDocument/didOpen", json!({"textDocument": {"uri": uri, "languageId": "plaintext", "version": 1, "text": text}}));
    }

    /// Sends changes as they are; gives the new version.
    pub(crate) fn change(&mut self, name: &str, changes: Value) -> i32 {
        let path = self.path(name);
        let version = self.versions.entry(path).or_default();
        *version += 1;
        let version = *version;
        let uri = self.uri(name);
        self.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}));
        version
    }

    pub(crate) fn replace(&mut self, name: &str, text: &str) -> i32 {
        self.change(name, json!([{"text": text}]))
    }

    pub(crate) fn close(&mut self, name: &str) {
        let uri = self.uri(name);
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }

    /// The diagnostics of an open document's present text.
    pub(crate) fn diagnostics(&mut self, name: &str) -> Vec<Value> {
        let path = self.path(name);
        let version = self.versions.get(&path).copied();
        let current = |client: &Self| client.published.get(&path).is_some_and(|told| told["version"].as_i64() == version.map(i64::from));
        self.until(current);
        self.published[&path]["diagnostics"].as_array().unwrap().clone()
    }

    /// Rules and lines (from 0) of the diagnostics of an open document's present text.
    pub(crate) fn fired(&mut self, name: &str) -> Vec<String> {
        self.diagnostics(name).iter().map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["range"]["start"]["line"])).collect()
    }

    /// The actions at a line, by title.
    pub(crate) fn actions(&mut self, name: &str, line: u32, only: Option<&str>) -> BTreeMap<String, Value> {
        let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": 9999}});
        let mut context = json!({"diagnostics": []});
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let uri = self.uri(name);
        let answer = self.request("textDocument/codeAction", json!({"textDocument": {"uri": uri}, "range": range, "context": context}));
        answer.as_array().unwrap().iter().map(|action| (action["title"].as_str().unwrap().to_owned(), action.clone())).collect()
    }

    pub(crate) fn hover(&mut self, name: &str, line: u32, character: u32) -> String {
        let uri = self.uri(name);
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        self.request("textDocument/hover", params)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn labels(&mut self, name: &str, line: u32, character: u32) -> Vec<String> {
        let uri = self.uri(name);
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        let answer = self.request("textDocument/completion", params);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    /// Ends the server; gives how it ended.
    pub(crate) fn shut_down(mut self) -> Ending {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        let server = self.server.take().unwrap();
        server.join().unwrap()
    }

    /// Goes away without a word; gives how the server ended.
    pub(crate) fn vanish(mut self) -> Ending {
        self.connection = None;
        self.server.take().unwrap().join().unwrap()
    }
}

/// Applies an edit to a text, in UTF-16; of several, the last first.
pub(crate) fn apply(text: &str, edits: &[Value]) -> String {
    let offset = |position: &Value| {
        let (line, character) = (position["line"].as_u64().unwrap() as usize, position["character"].as_u64().unwrap() as usize);
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = character;
        let inside: usize = text[start..]
            .chars()
            .take_while(|c| {
                let fits = left >= c.len_utf16();
                if fits {
                    left -= c.len_utf16();
                }
                fits && character > 0
            })
            .map(char::len_utf8)
            .sum();
        start + inside
    };
    let mut placed: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), edit["newText"].as_str().unwrap()))
        .collect();
    placed.sort_by_key(|(start, end, _)| (*start, *end));
    let mut out = text.to_owned();
    for (start, end, new) in placed.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

pub(crate) const DOCKERFILE: &str = "FROM debian:12.7\nRUN sudo apt-get install -y curl\nUSER root\n";
