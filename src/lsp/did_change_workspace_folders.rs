//! `workspace/didChangeWorkspaceFolders`.

use crate::protocol::{DidChangeWorkspaceFoldersParams, WorkspaceFolder};
use crate::server::Server;
use crate::uri;

pub(crate) fn take(server: &mut Server, params: DidChangeWorkspaceFoldersParams) {
    let paths = |folders: Vec<WorkspaceFolder>| folders.into_iter().filter_map(|folder| uri::to_path(&folder.uri)).collect::<Vec<_>>();
    let removed = paths(params.event.removed);
    server.folders.retain(|folder| !removed.contains(folder));
    for added in paths(params.event.added) {
        if !server.folders.contains(&added) {
            server.folders.push(added);
        }
    }
    server.session.set_folders(&server.folders);
}
