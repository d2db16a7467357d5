//! The webhook configurations' trust in the webhook.

use crate::ClusterError;
use k8s_openapi::ByteString;
use k8s_openapi::api::admissionregistration::v1::{MutatingWebhookConfiguration, ValidatingWebhookConfiguration, WebhookClientConfig};
use kube::api::PostParams;
use kube::{Api, Client};
use std::fmt::Debug;

/// Times that a write is tried which somebody else was faster with.
const TRIES: usize = 5;

/// Makes the validating and the mutating configuration of that name trust these authorities (PEM), if they do not yet. One that does not
/// exist is passed over: an operator may use the other alone.
///
/// # Errors
/// When a configuration that exists cannot be read or written.
pub async fn register(client: &Client, name: &str, bundle: &str) -> Result<(), ClusterError> {
    let trust = |config: &mut WebhookClientConfig| {
        let wanted = Some(ByteString(bundle.as_bytes().to_vec()));
        let changed = config.ca_bundle != wanted;
        config.ca_bundle = wanted;
        changed
    };
    let validating: Api<ValidatingWebhookConfiguration> = Api::all(client.clone());
    update(&validating, name, |configuration| {
        configuration.webhooks.iter_mut().flatten().fold(false, |changed, hook| trust(&mut hook.client_config) | changed)
    })
    .await?;
    let mutating: Api<MutatingWebhookConfiguration> = Api::all(client.clone());
    update(&mutating, name, |configuration| {
        configuration.webhooks.iter_mut().flatten().fold(false, |changed, hook| trust(&mut hook.client_config) | changed)
    })
    .await
}

async fn update<K>(api: &Api<K>, name: &str, change: impl Fn(&mut K) -> bool) -> Result<(), ClusterError>
where
    K: kube::Resource + Clone + Debug + serde::Serialize + serde::de::DeserializeOwned,
{
    for tried in 1.. {
        let Some(mut held) = api.get_opt(name).await? else { return Ok(()) };
        if !change(&mut held) {
            return Ok(());
        }
        match api.replace(name, &PostParams::default(), &held).await {
            Ok(_) => return Ok(()),
            Err(kube::Error::Api(status)) if status.code == 409 && tried < TRIES => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
