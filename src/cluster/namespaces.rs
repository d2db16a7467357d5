//! Labels of namespaces, from a watch.

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::Namespace;
use kube::core::PartialObjectMeta;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::{WatchStreamExt, reflector, watcher};
use kube::{Api, Client};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Time that one look at a namespace may take which the watch has not seen yet.
const LOOK: Duration = Duration::from_secs(1);

/// Labels of every namespace, kept up to date for as long as this lives.
#[derive(Clone)]
pub struct Namespaces {
    client: Client,
    store: Store<PartialObjectMeta<Namespace>>,
    synced: Arc<AtomicBool>,
    _watch: Arc<Stop>,
}

struct Stop(tokio::task::AbortHandle);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Namespaces {
    /// Starts the watch. Metadata alone is asked for: that is all anybody needs, and takes a twentieth of the memory.
    pub fn watch(client: Client) -> Self {
        let (store, writer) = reflector::store();
        let synced = Arc::new(AtomicBool::new(false));
        let mark = synced.clone();
        let stream = watcher(Api::<PartialObjectMeta<Namespace>>::all(client.clone()), watcher::Config::default())
            .default_backoff()
            .inspect_err(|error| tracing::warn!(%error, "the watch of namespaces failed and is tried again"))
            .reflect(writer);
        let task = tokio::spawn(async move {
            let mut stream = std::pin::pin!(stream);
            while let Some(event) = stream.next().await {
                if matches!(event, Ok(watcher::Event::InitDone)) && !mark.swap(true, Ordering::AcqRel) {
                    tracing::info!("labels of namespaces are known");
                }
            }
        });
        Self { client, store, synced, _watch: Arc::new(Stop(task.abort_handle())) }
    }

    /// Whether the first list has arrived; before that no label can be relied on.
    pub fn synced(&self) -> bool {
        self.synced.load(Ordering::Acquire)
    }

    /// Labels of a namespace; `None` if they cannot be told. One that the watch has not seen yet is asked for: it may be a second old.
    pub async fn labels(&self, name: &str) -> Option<BTreeMap<String, String>> {
        if !self.synced() {
            return None;
        }
        if let Some(namespace) = self.store.get(&ObjectRef::new(name)) {
            return Some(namespace.metadata.labels.clone().unwrap_or_default());
        }
        let api: Api<Namespace> = Api::all(self.client.clone());
        let namespace = tokio::time::timeout(LOOK, api.get_metadata(name)).await.ok()?.ok()?;
        Some(namespace.metadata.labels.unwrap_or_default())
    }
}

impl std::fmt::Debug for Namespaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Namespaces").field("synced", &self.synced()).field("known", &self.store.len()).finish_non_exhaustive()
    }
}
