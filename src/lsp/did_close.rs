//! `textDocument/didClose`: the file counts as it is on disk again.

use crate::protocol::DidCloseTextDocumentParams;
use crate::server::Server;
use crate::uri;

pub(crate) fn take(server: &mut Server, params: DidCloseTextDocumentParams) {
    let Some(path) = uri::to_path(&params.text_document.uri) else { return };
    server.documents.remove(&path);
    server.session.edit(&path, None);
    server.due.insert(path);
}
