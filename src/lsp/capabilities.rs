//! What the server can do.

use crate::client::Client;
use crate::position::Encoding;
use crate::protocol::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions, DiagnosticOptions, DiagnosticProvider, HoverProvider,
    PositionEncodingKind, Save, ServerCapabilities, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

/// Fixing everything in a document.
pub(crate) const FIX_ALL: &str = "source.fixAll.plimsoll";

pub(crate) fn capabilities(client: &Client) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::Bool(true)),
        ..TextDocumentSyncOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::Custom(FIX_ALL.into())]),
        resolve_provider: Some(true),
        ..CodeActionOptions::default()
    };
    let folders = WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) };
    let pull = DiagnosticOptions {
        identifier: Some("plimsoll".to_owned()),
        // A Dockerfile's findings depend on its `.dockerignore`, a module file's on its siblings.
        inter_file_dependencies: true,
        workspace_diagnostics: false,
        ..DiagnosticOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(TextDocumentSync::Options(sync)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
        hover_provider: Some(HoverProvider::Bool(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["[", ",", " ", "\"", "/"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        diagnostic_provider: client.pulls.then_some(DiagnosticProvider::DiagnosticOptions(pull)),
        workspace: Some(WorkspaceOptions { workspace_folders: Some(folders), ..WorkspaceOptions::default() }),
        ..ServerCapabilities::default()
    }
}
