//! The editor's server: what `plimsoll check` says, while somebody types.
//!
//! [`serve`] speaks the Language Server Protocol over a connection. One thread reads messages and owns the state; judging and answering
//! happen on others, over snapshots. Each request and notification has a file of its own, named as the protocol names it.

#![allow(clippy::needless_pass_by_value, reason = "a handler owns what its message held")]

mod answer;
mod capabilities;
mod client;
mod code_action;
mod code_action_resolve;
mod completion;
mod diagnostic;
mod did_change;
mod did_change_configuration;
mod did_change_watched_files;
mod did_change_workspace_folders;
mod did_close;
mod did_open;
mod did_save;
mod document;
mod document_diagnostic;
mod edit;
mod hover;
mod initialize;
mod mention;
mod options;
mod position;
mod progress;
mod protocol;
mod publish_diagnostics;
mod server;
mod uri;
mod waive;
mod workers;

pub use options::Options;
pub use protocol::Connection;
pub use server::{Ending, serve};

/// Starts the server on standard input and output, and waits until it ends.
pub fn stdio(options: Options) -> std::io::Result<Ending> {
    let (connection, threads) = Connection::stdio();
    let ending = serve(connection, options);
    // After an `exit` without end of input the reader has ended too; after a lost client there is nobody left to write to.
    match threads.join() {
        Ok(()) => Ok(ending),
        Err(_) if ending == Ending::Lost => Ok(ending),
        Err(error) => Err(error),
    }
}
