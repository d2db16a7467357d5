//! The server's state, and the loop that changes it.

use crate::answer::Snapshot;
use crate::client::Client;
use crate::document::Text;
use crate::initialize::initialize;
use crate::options::{ClientSettings, Options};
use crate::progress::Progress;
use crate::protocol::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response, failure, notification, request};
use crate::publish_diagnostics::Published;
use crate::workers::Workers;
use crate::{
    code_action, code_action_resolve, completion, did_change, did_change_configuration, did_change_watched_files,
    did_change_workspace_folders, did_close, did_open, did_save, document_diagnostic, hover, publish_diagnostics,
};
use crossbeam_channel::{Receiver, Sender, select, unbounded};
use plimsoll_engine::{Engine, Finished, Session};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client asked for it, in the right order.
    Asked,
    /// The client went away without a word.
    Lost,
}

/// What other threads send back.
pub(crate) enum Done {
    /// A task of the session; whether it was one that no document waited for.
    Judged(Box<Finished>, bool),
    /// An answer to a request.
    Answered(Response),
}

/// A request that waits until a document's present text is judged.
pub(crate) struct Waiting {
    pub(crate) path: PathBuf,
    pub(crate) request: Request,
}

pub(crate) struct Server {
    pub(crate) client: Client,
    pub(crate) options: Options,
    pub(crate) settings: ClientSettings,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) session: Session,
    pub(crate) documents: HashMap<PathBuf, Text>,
    pub(crate) published: HashMap<PathBuf, Published>,
    /// Files whose diagnostics are to be told once they are settled.
    pub(crate) due: BTreeSet<PathBuf>,
    pub(crate) waiting: Vec<Waiting>,
    progress: Progress,
    /// Requests that are being answered, and whether the client has lost interest.
    answering: HashMap<RequestId, Arc<AtomicBool>>,
    out: Sender<Message>,
    done: Sender<Done>,
    judges: Workers,
    answers: Workers,
    cores: usize,
    busy: usize,
    busy_behind: usize,
    requests: i32,
    shutting_down: bool,
}

/// Serves a client until it goes.
pub fn serve(connection: Connection, options: Options) -> Ending {
    let Some(introduction) = initialize(&connection) else { return Ending::Lost };
    let Connection { sender, receiver } = connection;
    let (out, outgoing) = unbounded::<Message>();
    // A client that is slow to read must not keep the server from reading: it may be waiting for that itself.
    let writer = std::thread::spawn(move || _ = outgoing.into_iter().all(|message| sender.send(message).is_ok()));
    let (done, results) = unbounded();
    let engine = match Engine::new(options.cache.clone()) {
        Ok(engine) => Arc::new(engine),
        Err(error) => {
            tell(&out, 1, &format!("Plimsoll cannot start: {error}"));
            drop(out);
            _ = writer.join();
            return Ending::Lost;
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut server = Server {
        session: Session::new(engine, introduction.settings.over(&options, introduction.folders.first())),
        client: introduction.client,
        options,
        settings: introduction.settings,
        folders: introduction.folders,
        documents: HashMap::new(),
        published: HashMap::new(),
        due: BTreeSet::new(),
        waiting: vec![],
        progress: Progress::default(),
        answering: HashMap::new(),
        out,
        done,
        // One more than cores, so that an edit finds a thread while others wait for a slow plugin.
        judges: Workers::new("plimsoll-judge", cores + 1),
        answers: Workers::new("plimsoll-answer", 2),
        cores,
        busy: 0,
        busy_behind: 0,
        requests: 0,
        shutting_down: false,
    };
    server.start();
    let ending = server.run(&receiver, &results);
    drop(server);
    _ = writer.join();
    ending
}

/// `window/showMessage`: 1 error, 2 warning, 3 information.
fn tell(out: &Sender<Message>, kind: u32, message: &str) {
    // A client that is gone reads nothing.
    _ = out.send(notification("window/showMessage", serde_json::json!({"type": kind, "message": message})));
}

impl Server {
    fn start(&mut self) {
        if self.client.watches {
            let registration = did_change_watched_files::registration();
            self.ask("client/registerCapability", registration);
        }
        self.session.set_folders(&self.folders.clone());
        if self.client.progress && !self.folders.is_empty() {
            self.requests += 1;
            let messages = self.progress.begin(self.requests);
            for message in messages {
                self.send(message);
            }
        }
        self.follow();
    }

    fn run(&mut self, client: &Receiver<Message>, results: &Receiver<Done>) -> Ending {
        loop {
            select! {
                recv(client) -> message => {
                    let Ok(message) = message else { return Ending::Lost };
                    // Whatever else has arrived is taken before any work starts, so that work is done for the last of many edits.
                    for message in std::iter::once(message).chain(client.try_iter()) {
                        if let Some(ending) = self.take(message) {
                            return ending;
                        }
                    }
                }
                recv(results) -> done => {
                    let Ok(done) = done else { return Ending::Lost };
                    for done in std::iter::once(done).chain(results.try_iter()) {
                        self.finish(done);
                    }
                }
            }
            self.follow();
        }
    }

    fn take(&mut self, message: Message) -> Option<Ending> {
        match message {
            Message::Request(request) if self.shutting_down => {
                self.send(failure(request.id, ErrorCode::InvalidRequest, "the server is shutting down").into());
            }
            Message::Request(request) if request.method == "shutdown" => {
                self.shutting_down = true;
                self.send(Response::new_ok(request.id, ()).into());
            }
            Message::Request(request) => self.request(request),
            Message::Notification(notification) if notification.method == "exit" => {
                return Some(if self.shutting_down { Ending::Asked } else { Ending::Lost });
            }
            Message::Notification(notification) => self.notified(notification),
            // Nothing that is asked of a client needs its answer.
            Message::Response(_) => {}
        }
        None
    }

    fn notified(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => self.on(params, did_open::take),
            "textDocument/didChange" => self.on(params, did_change::take),
            "textDocument/didSave" => self.on(params, did_save::take),
            "textDocument/didClose" => self.on(params, did_close::take),
            "workspace/didChangeWatchedFiles" => self.on(params, did_change_watched_files::take),
            "workspace/didChangeWorkspaceFolders" => self.on(params, did_change_workspace_folders::take),
            "workspace/didChangeConfiguration" => self.on(params, did_change_configuration::take),
            "$/cancelRequest" => self.cancel(&params["id"]),
            // Whatever else a client tells is not needed; the protocol wants it ignored.
            _ => {}
        }
    }

    fn on<P: DeserializeOwned>(&mut self, params: Value, take: impl FnOnce(&mut Self, P)) {
        match serde_json::from_value(params) {
            Ok(params) => take(self, params),
            Err(error) => self.log(&format!("a notification cannot be read: {error}")),
        }
    }

    fn request(&mut self, request: Request) {
        match request.method.as_str() {
            "textDocument/hover" => self.answer(request, hover::answer),
            "textDocument/completion" => self.answer(request, completion::answer),
            "textDocument/codeAction" => self.answer_settled(request, code_action::answer),
            "codeAction/resolve" => self.answer(request, code_action_resolve::answer),
            "textDocument/diagnostic" => self.answer_settled(request, document_diagnostic::answer),
            method => {
                let message = format!("`{method}` is not a request this server knows");
                self.send(failure(request.id, ErrorCode::MethodNotFound, message).into());
            }
        }
    }

    /// Answers a request about a document once its present text is judged.
    fn answer_settled<P, R>(&mut self, request: Request, handler: fn(&Snapshot, P) -> R)
    where
        P: DeserializeOwned + Send + 'static,
        R: serde::Serialize + 'static,
    {
        match Snapshot::path_of(&request.params).filter(|path| !self.session.is_settled(path)) {
            Some(path) => self.waiting.push(Waiting { path, request }),
            None => self.answer(request, handler),
        }
    }

    /// Answers a request on another thread, from the state as it is now.
    fn answer<P, R>(&mut self, request: Request, handler: fn(&Snapshot, P) -> R)
    where
        P: DeserializeOwned + Send + 'static,
        R: serde::Serialize + 'static,
    {
        let Request { id, method, params } = request;
        let snapshot = Snapshot::of(self, &params);
        let cancelled = Arc::new(AtomicBool::new(false));
        self.answering.insert(id.clone(), cancelled.clone());
        let done = self.done.clone();
        self.answers.give(Box::new(move || {
            let response = if cancelled.load(Ordering::Relaxed) {
                failure(id, ErrorCode::RequestCanceled, "cancelled")
            } else {
                match serde_json::from_value(params) {
                    Ok(params) => {
                        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler(&snapshot, params)));
                        match answer {
                            Ok(answer) => Response::new_ok(id, answer),
                            Err(_) => failure(id, ErrorCode::InternalError, format!("`{method}` failed; please report it")),
                        }
                    }
                    Err(error) => failure(id, ErrorCode::InvalidParams, format!("cannot read the parameters of `{method}`: {error}")),
                }
            };
            _ = done.send(Done::Answered(response));
        }));
    }

    fn cancel(&mut self, id: &Value) {
        let Ok(id) = serde_json::from_value::<RequestId>(id.clone()) else { return };
        if let Some(at) = self.waiting.iter().position(|waiting| waiting.request.id == id) {
            self.waiting.remove(at);
            self.send(failure(id, ErrorCode::RequestCanceled, "cancelled").into());
        } else if let Some(cancelled) = self.answering.get(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn finish(&mut self, done: Done) {
        match done {
            Done::Answered(response) => {
                let cancelled = self.answering.remove(&response.id).is_some_and(|cancelled| cancelled.load(Ordering::Relaxed));
                let response = if cancelled { failure(response.id, ErrorCode::RequestCanceled, "cancelled") } else { response };
                self.send(response.into());
            }
            Done::Judged(finished, behind) => {
                self.busy -= 1;
                self.busy_behind -= usize::from(behind);
                let accepted = self.session.accept(*finished);
                self.due.extend(accepted.judged);
                for plugin in accepted.failed {
                    self.warn(&format!("Plugin {plugin} failed. The files that it could not judge say so; all other rules go on."));
                }
                for plugin in accepted.paused {
                    self.log(&format!("plugin {plugin} was late too often and is asked no more, until it or the settings change"));
                }
            }
        }
    }

    /// Does what follows from the state: hands out work, tells diagnostics, answers who has waited.
    fn follow(&mut self) {
        while self.busy <= self.cores {
            let Some(task) = self.session.next(self.busy_behind < self.cores.saturating_sub(1).max(1)) else { break };
            let behind = task.is_behind();
            self.busy += 1;
            self.busy_behind += usize::from(behind);
            let done = self.done.clone();
            self.judges.give(Box::new(move || _ = done.send(Done::Judged(Box::new(task.run()), behind))));
        }
        publish_diagnostics::publish(self);
        let settled: Vec<Waiting> = {
            let session = &self.session;
            self.waiting.extract_if(.., |waiting| session.is_settled(&waiting.path)).collect()
        };
        for waiting in settled {
            self.request(waiting.request);
        }
        let messages = self.progress.report(self.session.progress());
        for message in messages {
            self.send(message);
        }
    }

    pub(crate) fn send(&self, message: Message) {
        // A client that is gone reads nothing; the loop ends when its side of the connection does.
        _ = self.out.send(message);
    }

    /// Asks the client for something that needs no answer.
    pub(crate) fn ask(&mut self, method: &str, params: impl serde::Serialize) {
        self.requests += 1;
        self.send(request(self.requests, method, params));
    }

    pub(crate) fn log(&self, message: &str) {
        self.send(notification("window/logMessage", serde_json::json!({"type": 3, "message": message})));
    }

    /// Shows a warning.
    pub(crate) fn warn(&self, message: &str) {
        tell(&self.out, 2, message);
    }

    /// A file's text as the editor has it.
    pub(crate) fn text(&self, path: &Path) -> Text {
        self.documents.get(path).cloned().unwrap_or_else(|| Text::saved(path))
    }
}
