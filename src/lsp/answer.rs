//! What requests are answered from: the state when they came, which nothing changes any more.

use crate::client::Client;
use crate::document::Text;
use crate::protocol::Uri;
use crate::server::Server;
use crate::uri;
use plimsoll_engine::{FileReport, Probe, Rules};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A document and what is known of it.
pub(crate) struct Snapshot {
    pub(crate) client: Client,
    /// The document that the request is about; of an address that is no file, an empty one.
    pub(crate) path: PathBuf,
    pub(crate) document: Text,
    pub(crate) report: FileReport,
    pub(crate) rules: Option<Rules>,
    pub(crate) probe: Option<Probe>,
    /// The open documents: cheap to clone, since texts are shared.
    documents: HashMap<PathBuf, Text>,
}

impl Snapshot {
    /// The document that a request names, wherever its parameters have it.
    pub(crate) fn path_of(params: &Value) -> Option<PathBuf> {
        let named = params["textDocument"]["uri"].as_str().or_else(|| params["data"]["uri"].as_str())?;
        uri::to_path(&Uri::from(named))
    }

    pub(crate) fn of(server: &Server, params: &Value) -> Self {
        let path = Self::path_of(params);
        let known = path.as_deref();
        Self {
            client: server.client,
            document: known.map_or_else(|| Text::new(Uri::from(""), None, ""), |path| server.text(path)),
            report: known.map(|path| server.session.report(path)).unwrap_or_default(),
            rules: known.and_then(|path| server.session.rules(path)),
            probe: known.and_then(|path| server.session.probe(path)),
            documents: server.documents.clone(),
            path: path.unwrap_or_default(),
        }
    }

    /// Any file's text as the editor has it.
    pub(crate) fn text(&self, path: &Path) -> Text {
        if path == self.path {
            return self.document.clone();
        }
        self.documents.get(path).cloned().unwrap_or_else(|| Text::saved(path))
    }
}
