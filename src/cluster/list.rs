//! Everything that a cluster holds and rules may judge, page by page.

use crate::{ClusterError, connect};
use kube::api::{ApiResource, DynamicObject, ListParams};
use kube::discovery::{Discovery, Scope as Reach, verbs};
use kube::{Api, Client};
use serde_json::Value;

/// Objects of one page. What the API server is asked to hold at once, and we.
const PAGE: u32 = 250;

/// Kinds that the cluster makes for itself, many of them and without a word of their author's.
const DERIVED: [(&str, &str); 6] = [
    ("", "Event"),
    ("events.k8s.io", "Event"),
    ("coordination.k8s.io", "Lease"),
    ("", "Endpoints"),
    ("discovery.k8s.io", "EndpointSlice"),
    ("apps", "ControllerRevision"),
];

/// Controllers whose templates are judged, so that what they make need not be.
const CONTROLLERS: [&str; 7] = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController"];

/// Which cluster, and how much of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// Context of the kubeconfig; `None` for the current one, or the cluster of the pod this runs in.
    pub context: Option<&'a str>,
    /// Only this namespace's objects; `None` for all, and those without a namespace.
    pub namespace: Option<&'a str>,
}

/// An object of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is reported as: `shop/Deployment.apps/web`.
    pub path: String,
    /// The object as JSON, without its status and the fields that the API server manages.
    pub json: String,
}

/// Lists every object, in pages; objects that a controller of the cluster made from a template are passed over. Gives what could not be
/// listed, each with its cause.
///
/// # Errors
/// When the cluster cannot be reached or does not say what it has.
pub fn list(scope: &Scope<'_>, page: &mut dyn FnMut(Vec<Listed>)) -> Result<Vec<String>, ClusterError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = connect(scope.context).await?;
        let discovery = Discovery::new(client.clone()).run().await?;
        let mut refused = vec![];
        for group in discovery.groups_alphabetical() {
            let mut resources = group.recommended_resources();
            resources.sort_by(|(a, _), (b, _)| a.kind.cmp(&b.kind));
            for (resource, able) in resources {
                let derived = DERIVED.contains(&(resource.group.as_str(), resource.kind.as_str()));
                let outside = scope.namespace.is_some() && able.scope == Reach::Cluster;
                if derived || outside || !able.supports_operation(verbs::LIST) {
                    continue;
                }
                if let Err(error) = list_kind(&client, &resource, scope.namespace, page).await {
                    refused.push(format!("{}.{} cannot be listed: {error}", resource.plural, resource.group));
                }
            }
        }
        Ok(refused)
    })
}

async fn list_kind(
    client: &Client,
    resource: &ApiResource,
    namespace: Option<&str>,
    page: &mut dyn FnMut(Vec<Listed>),
) -> Result<(), kube::Error> {
    let api: Api<DynamicObject> = match namespace {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, resource),
        None => Api::all_with(client.clone(), resource),
    };
    let mut more: Option<String> = None;
    loop {
        let mut params = ListParams::default().limit(PAGE);
        if let Some(token) = &more {
            params = params.continue_token(token);
        }
        let objects = match api.list(&params).await {
            // The pages' snapshot is gone: what was seen is seen, the rest cannot be told apart from it any more.
            Err(kube::Error::Api(status)) if status.code == 410 && more.is_some() => return Ok(()),
            listed => listed?,
        };
        more = objects.metadata.continue_.clone().filter(|token| !token.is_empty());
        page(objects.items.into_iter().filter(|object| !is_made(object)).filter_map(|object| listed(resource, object)).collect());
        if more.is_none() {
            return Ok(());
        }
    }
}

/// Whether a controller made it from a template that is judged itself.
fn is_made(object: &DynamicObject) -> bool {
    let owners = object.metadata.owner_references.as_deref().unwrap_or_default();
    owners.iter().any(|owner| owner.controller == Some(true) && CONTROLLERS.contains(&owner.kind.as_str()))
}

fn listed(resource: &ApiResource, mut object: DynamicObject) -> Option<Listed> {
    object.metadata.managed_fields = None;
    if let Value::Object(data) = &mut object.data {
        data.remove("status");
    }
    // Items of a list carry no type.
    object.types = Some(kube::api::TypeMeta { api_version: resource.api_version.clone(), kind: resource.kind.clone() });
    let kind = if resource.group.is_empty() { resource.kind.clone() } else { format!("{}.{}", resource.kind, resource.group) };
    let name = object.metadata.name.clone().unwrap_or_default();
    let path = match &object.metadata.namespace {
        Some(namespace) => format!("{namespace}/{kind}/{name}"),
        None => format!("{kind}/{name}"),
    };
    Some(Listed { path, json: serde_json::to_string(&object).ok()? })
}
