//! Where labels of namespaces come from.

use plimsoll_cluster::Namespaces;
use std::collections::BTreeMap;
use std::time::Instant;

/// Where labels of namespaces come from.
#[derive(Debug, Clone)]
pub enum NamespaceLabels {
    /// There is no cluster to ask.
    None,
    /// The cluster.
    Cluster(Namespaces),
    /// These, for tests.
    Fixed(BTreeMap<String, BTreeMap<String, String>>),
}

impl NamespaceLabels {
    /// Labels of a namespace, or `None` if they cannot be told by the deadline.
    pub(crate) async fn labels(&self, name: &str, deadline: Instant) -> Option<BTreeMap<String, String>> {
        match self {
            Self::None => None,
            Self::Cluster(namespaces) => tokio::time::timeout_at(deadline.into(), namespaces.labels(name)).await.ok()?,
            Self::Fixed(known) => known.get(name).cloned(),
        }
    }

    /// Whether labels can be told.
    pub(crate) fn synced(&self) -> bool {
        match self {
            Self::None => false,
            Self::Cluster(namespaces) => namespaces.synced(),
            Self::Fixed(_) => true,
        }
    }
}
