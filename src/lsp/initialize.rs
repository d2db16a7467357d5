//! `initialize`: who the client is, what it can do, which folders it has open.

use crate::capabilities::capabilities;
use crate::client::Client;
use crate::options::ClientSettings;
use crate::protocol::{Connection, InitializeParams, InitializeResult, ServerInfo, WorkspaceFolders, value};
use crate::uri;
use std::path::PathBuf;

/// What a client said of itself.
pub(crate) struct Introduction {
    pub(crate) client: Client,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) settings: ClientSettings,
}

/// Shakes hands; `None` if the client goes away over it.
pub(crate) fn initialize(connection: &Connection) -> Option<Introduction> {
    let (id, params) = connection.initialize_start().ok()?;
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let code = crate::protocol::ErrorCode::InvalidParams;
            let answer = crate::protocol::failure(id, code, format!("cannot read the parameters of initialize: {error}"));
            connection.sender.send(answer.into()).ok()?;
            return None;
        }
    };
    let client = Client::of(&params.capabilities);
    let result = InitializeResult {
        capabilities: capabilities(&client),
        server_info: Some(ServerInfo { name: "plimsoll".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
    };
    connection.initialize_finish(id, value(result)).ok()?;
    // A client that sends settings of another shape is served as if it had sent none.
    let settings = params.initialization_options.clone().and_then(|options| serde_json::from_value(options).ok()).unwrap_or_default();
    Some(Introduction { client, folders: folders(&params), settings })
}

#[allow(deprecated, reason = "older clients say their folder in no other way")]
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) = &params.workspace_folders_initialize_params.workspace_folders {
        return folders.iter().filter_map(|folder| uri::to_path(&folder.uri)).collect();
    }
    params.root_uri.iter().filter_map(uri::to_path).collect()
}
