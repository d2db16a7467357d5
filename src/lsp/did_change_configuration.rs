//! `workspace/didChangeConfiguration`: the client's own settings, in the section `plimsoll` or alone.

use crate::options::ClientSettings;
use crate::protocol::DidChangeConfigurationParams;
use crate::server::Server;

pub(crate) fn take(server: &mut Server, params: DidChangeConfigurationParams) {
    let section = params.settings.get("plimsoll").unwrap_or(&params.settings);
    if section.is_null() {
        // The client only says that something has changed.
        return;
    }
    let settings: ClientSettings = match serde_json::from_value(section.clone()) {
        Ok(settings) => settings,
        Err(error) => return server.warn(&format!("Plimsoll's settings cannot be read: {error}")),
    };
    if settings != server.settings {
        server.session.set_settings(settings.over(&server.options, server.folders.first()));
        server.settings = settings;
    }
}
