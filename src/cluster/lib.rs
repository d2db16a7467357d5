//! What Plimsoll does in a cluster, through `kube`: lists what runs, watches namespaces' labels, keeps the webhook's own certificate, and
//! tells the webhook configurations of it. Knows nothing of rules or findings.

mod authority;
mod connect;
mod list;
mod namespaces;
mod registration;
mod secret;

pub use authority::{Authority, Material, expiry};
pub use connect::connect;
pub use list::{Listed, Scope, list};
pub use namespaces::Namespaces;
pub use registration::register;
pub use secret::{Keeper, Names};

/// Why the cluster did not give what was asked: a lowercase fragment.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No cluster can be found.
    #[error("no cluster to talk to: neither a kubeconfig nor a pod's service account: {0}")]
    Config(String),
    /// The API server refused or failed.
    #[error("the API server: {0}")]
    Api(#[from] kube::Error),
    /// A certificate cannot be made or read.
    #[error("certificate: {0}")]
    Certificate(String),
    /// No threads or sockets.
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
}
