//! What the client can do.

use crate::position::Encoding;
use crate::protocol::{ClientCapabilities, MarkupKind, PositionEncodingKind, ResourceOperationKind};

/// The client's capabilities, as far as they make a difference here.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "these are independent abilities, not states of one thing")]
pub(crate) struct Client {
    pub(crate) encoding: Encoding,
    /// Asks for diagnostics itself, and can be told to ask again.
    pub(crate) pulls: bool,
    pub(crate) related_information: bool,
    pub(crate) versions: bool,
    /// Asks for the edit of an action when the action is chosen.
    pub(crate) resolves_edits: bool,
    pub(crate) disabled_actions: bool,
    pub(crate) document_changes: bool,
    pub(crate) creates_files: bool,
    pub(crate) snippets: bool,
    /// Shows Markdown beside completions.
    pub(crate) markdown: bool,
    pub(crate) progress: bool,
    pub(crate) watches: bool,
}

impl Client {
    pub(crate) fn of(capabilities: &ClientCapabilities) -> Self {
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let yes = |answer: Option<bool>| answer == Some(true);
        let action = text.and_then(|text| text.code_action.as_ref());
        let edit = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let refresh = workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support);
        let resolve = action.and_then(|action| action.resolve_support.as_ref());
        let operations = edit.and_then(|edit| edit.resource_operations.as_ref());
        let publish = text.and_then(|text| text.publish_diagnostics.as_ref());
        let pull = text.and_then(|text| text.diagnostic.as_ref());
        let related = publish.and_then(|publish| publish.diagnostics_capabilities.related_information);
        let formats = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref()?.documentation_format.as_ref());
        Self {
            encoding: encoding(capabilities),
            pulls: pull.is_some() && yes(refresh),
            related_information: yes(related) || yes(pull.and_then(|pull| pull.diagnostics_capabilities.related_information)),
            versions: yes(publish.and_then(|publish| publish.version_support)),
            resolves_edits: resolve.is_some_and(|resolve| resolve.properties.iter().any(|property| property == "edit"))
                && yes(action.and_then(|action| action.data_support)),
            disabled_actions: yes(action.and_then(|action| action.disabled_support)),
            document_changes: yes(edit.and_then(|edit| edit.document_changes)),
            creates_files: operations.is_some_and(|operations| operations.contains(&ResourceOperationKind::Create)),
            snippets: yes(edit.and_then(|edit| edit.snippet_edit_support)),
            markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            progress: yes(capabilities.window.as_ref().and_then(|window| window.work_done_progress)),
            watches: yes(workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref()?.dynamic_registration)),
        }
    }
}

/// UTF-8 where it is offered, which needs no counting; else what the client likes best.
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
    if offered.contains(&PositionEncodingKind::UTF8) {
        return Encoding::Utf8;
    }
    let known = offered.iter().find_map(|kind| match kind {
        PositionEncodingKind::UTF16 => Some(Encoding::Utf16),
        PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
        _ => None,
    });
    known.unwrap_or(Encoding::Utf16)
}
