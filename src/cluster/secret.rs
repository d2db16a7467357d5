//! The webhook's own certificate in a secret, shared by its replicas.

use crate::authority::{Authority, Material, expiry};
use crate::{ClusterError, register};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// Times that a write is tried which another replica was faster with.
const TRIES: usize = 5;
/// How long before its end an authority is replaced.
const AUTHORITY_RENEW_BEFORE: Duration = Duration::from_hours(365 * 24);

/// What things are called in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The webhook's namespace.
    pub namespace: String,
    /// Its service.
    pub service: String,
    /// The secret.
    pub secret: String,
    /// The webhook configurations, validating and mutating.
    pub webhook: String,
    /// Names the certificate must hold besides the service's: addresses outside the cluster.
    pub also: Vec<String>,
}

impl Names {
    fn certificate(&self) -> Vec<String> {
        let service = format!("{}.{}", self.service, self.namespace);
        let mut names = vec![format!("{service}.svc"), format!("{service}.svc.cluster.local"), service];
        names.extend(self.also.iter().cloned());
        names
    }
}

/// Keeps the certificate valid: whichever replica finds it missing or near its end makes the next one.
#[derive(Clone)]
pub struct Keeper {
    client: Client,
    names: Names,
    lifetime: Duration,
    renew_before: Duration,
}

impl Keeper {
    /// Certificates are valid for `lifetime` and replaced `renew_before` their end.
    pub const fn new(client: Client, names: Names, lifetime: Duration, renew_before: Duration) -> Self {
        Self { client, names, lifetime, renew_before }
    }

    /// The certificate to serve with, made or renewed if need be. The webhook configurations trust its authority before this returns, so
    /// that no request meets a certificate that is not trusted yet.
    ///
    /// # Errors
    /// When the secret or the configurations can be neither read nor written.
    pub async fn current(&self, now: SystemTime) -> Result<Material, ClusterError> {
        let api: Api<Secret> = Api::namespaced(self.client.clone(), &self.names.namespace);
        let mut tries = 0;
        loop {
            tries += 1;
            let held = api.get_opt(&self.names.secret).await?;
            let kept = held.as_ref().map(Kept::read).unwrap_or_default();
            let step = kept.next(self, now)?;
            let Some(next) = step else {
                register(&self.client, &self.names.webhook, &kept.material.bundle).await?;
                return Ok(kept.material);
            };
            match self.write(&api, held, &next).await {
                Ok(()) => {
                    // An authority that is new is known before anything it signed is served: serving begins when this returns.
                    register(&self.client, &self.names.webhook, &next.material.bundle).await?;
                    tracing::info!(secret = self.names.secret, "the certificate was renewed");
                    return Ok(next.material);
                }
                Err(kube::Error::Api(status)) if status.code == 409 && tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn write(&self, api: &Api<Secret>, held: Option<Secret>, next: &Kept) -> Result<(), kube::Error> {
        let data = next.data();
        match held {
            Some(mut secret) => {
                secret.data = Some(data);
                // With the resource version that was read: another replica's write in between makes this one fail.
                api.replace(&self.names.secret, &PostParams::default(), &secret).await?;
            }
            None => {
                let metadata = ObjectMeta { name: Some(self.names.secret.clone()), ..ObjectMeta::default() };
                let secret = Secret { metadata, data: Some(data), type_: Some("kubernetes.io/tls".to_owned()), ..Secret::default() };
                api.create(&PostParams::default(), &secret).await?;
            }
        }
        Ok(())
    }
}

/// What the secret holds.
#[derive(Debug, Clone, Default)]
struct Kept {
    authority: Option<Authority>,
    material: Material,
}

impl Kept {
    fn read(secret: &Secret) -> Self {
        let text = |key: &str| {
            let bytes = secret.data.as_ref().and_then(|data| data.get(key));
            bytes.and_then(|bytes| String::from_utf8(bytes.0.clone()).ok()).filter(|text| !text.is_empty())
        };
        let authority = text("authority.crt").zip(text("authority.key")).map(|(certificate, key)| Authority { certificate, key });
        let part = |key| text(key).unwrap_or_default();
        Self { authority, material: Material { certificate: part("tls.crt"), key: part("tls.key"), bundle: part("ca.crt") } }
    }

    fn data(&self) -> BTreeMap<String, ByteString> {
        let authority = self.authority.clone().unwrap_or(Authority { certificate: String::new(), key: String::new() });
        let entries = [
            ("authority.crt", authority.certificate),
            ("authority.key", authority.key),
            ("ca.crt", self.material.bundle.clone()),
            ("tls.crt", self.material.certificate.clone()),
            ("tls.key", self.material.key.clone()),
        ];
        entries.into_iter().map(|(key, text)| (key.to_owned(), ByteString(text.into_bytes()))).collect()
    }

    /// What the secret should hold instead; `None` if it is as it should be.
    fn next(&self, keeper: &Keeper, now: SystemTime) -> Result<Option<Self>, ClusterError> {
        let lasts = |pem: &str, margin: Duration| expiry(pem).is_ok_and(|(end, _)| end > now + margin);
        let names = keeper.names.certificate();
        let authority = match &self.authority {
            Some(authority) if lasts(&authority.certificate, AUTHORITY_RENEW_BEFORE) => authority.clone(),
            _ => Authority::make(now)?,
        };
        let same_authority = self.authority.as_ref() == Some(&authority);
        let fits = expiry(&self.material.certificate)
            .is_ok_and(|(end, held)| end > now + keeper.renew_before && names.iter().all(|name| held.contains(name)));
        if same_authority && fits && self.material.bundle.contains(authority.certificate.trim()) {
            return Ok(None);
        }
        let mut material = authority.sign(&names, now, keeper.lifetime)?;
        // Replicas serve what the last authority signed until they have read the new secret.
        let last = self.authority.as_ref().filter(|last| **last != authority);
        if let Some(last) = last {
            material.bundle.push_str(&last.certificate);
        }
        Ok(Some(Self { authority: Some(authority), material }))
    }
}
