//! `textDocument/didSave`: the file may not have been there before.

use crate::protocol::DidSaveTextDocumentParams;
use crate::server::Server;
use crate::uri;

pub(crate) fn take(server: &mut Server, params: DidSaveTextDocumentParams) {
    if let Some(path) = uri::to_path(&params.text_document.uri) {
        server.session.touch(&path);
    }
}
