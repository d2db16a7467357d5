//! The one door to the protocol's types and its transport. The crate behind it changes often; nothing else here names it.

pub(crate) use gen_lsp_types::{
    ClientCapabilities, Code, CodeAction, CodeActionContext, CodeActionDisabled, CodeActionKind, CodeActionOptions, CodeActionParams,
    CodeActionProvider, CodeDescription, CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionOptions,
    CompletionParams, Contents, CreateFile, CreateFileOptions, Diagnostic, DiagnosticOptions, DiagnosticProvider,
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, DocumentChange, DocumentDiagnosticParams, Documentation, Edit, Hover, HoverParams, HoverProvider,
    InitializeParams, InitializeResult, Location, MarkupContent, MarkupKind, OptionalVersionedTextDocumentIdentifier, Position,
    PositionEncodingKind, Range, ResourceOperationKind, Save, ServerCapabilities, ServerInfo, SnippetTextEdit, StringValue,
    TextDocumentContentChangeEvent, TextDocumentEdit, TextDocumentIdentifier, TextDocumentSync, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextEdit, Uri, WorkspaceEdit, WorkspaceFolder, WorkspaceFolders, WorkspaceFoldersServerCapabilities,
    WorkspaceOptions,
};
pub use lsp_server::Connection;
pub(crate) use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};

use serde::Serialize;
use serde_json::Value;

/// A notification for the client.
pub(crate) fn notification(method: &str, params: impl Serialize) -> Message {
    Message::Notification(Notification { method: method.to_owned(), params: value(params) })
}

/// A request for the client. Nothing depends on its answers.
pub(crate) fn request(id: i32, method: &str, params: impl Serialize) -> Message {
    Message::Request(Request { id: RequestId::from(id), method: method.to_owned(), params: value(params) })
}

/// The protocol's types are made of what JSON has, so this cannot fail; if it did, the client would see `null`.
pub(crate) fn value(data: impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

/// A failure as an answer.
pub(crate) fn failure(id: RequestId, code: ErrorCode, message: impl Into<String>) -> Response {
    Response::new_err(id, code as i32, message.into())
}
