//! `textDocument/didChange`.

use crate::protocol::DidChangeTextDocumentParams;
use crate::server::Server;
use crate::uri;

pub(crate) fn take(server: &mut Server, params: DidChangeTextDocumentParams) {
    let Some(path) = uri::to_path(&params.text_document.text_document_identifier.uri) else { return };
    let encoding = server.client.encoding;
    let Some(document) = server.documents.get_mut(&path) else { return };
    document.change(params.text_document.version, params.content_changes, encoding);
    server.session.edit(&path, Some(document.text.clone()));
}
