//! `textDocument/didOpen`.

use crate::document::Text;
use crate::protocol::DidOpenTextDocumentParams;
use crate::server::Server;
use crate::uri;

pub(crate) fn take(server: &mut Server, params: DidOpenTextDocumentParams) {
    let document = params.text_document;
    let Some(path) = uri::to_path(&document.uri) else { return };
    let text = Text::new(document.uri, Some(document.version), &document.text);
    server.session.edit(&path, Some(text.text.clone()));
    server.documents.insert(path.clone(), text);
    server.due.insert(path);
}
