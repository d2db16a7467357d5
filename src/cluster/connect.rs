//! A client for the cluster at hand.

use crate::ClusterError;
use kube::config::KubeConfigOptions;
use kube::{Client, Config};

/// A client for a context of the kubeconfig (`KUBECONFIG`, `~/.kube/config`), or, without one, for the cluster of the pod this runs in.
///
/// # Errors
/// When there is no configuration, or it cannot be read.
pub async fn connect(context: Option<&str>) -> Result<Client, ClusterError> {
    let config = match context {
        Some(context) => {
            let options = KubeConfigOptions { context: Some(context.to_owned()), ..KubeConfigOptions::default() };
            Config::from_kubeconfig(&options).await.map_err(|error| ClusterError::Config(error.to_string()))?
        }
        None => Config::infer().await.map_err(|error| ClusterError::Config(error.to_string()))?,
    };
    Ok(Client::try_from(config)?)
}
