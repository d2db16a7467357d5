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
    terms: Terms,
}

/// What a certificate must be.
#[derive(Debug, Clone)]
struct Terms {
    names: Names,
    lifetime: Duration,
    renew_before: Duration,
}

impl Keeper {
    /// Certificates are valid for `lifetime` and replaced `renew_before` their end.
    pub const fn new(client: Client, names: Names, lifetime: Duration, renew_before: Duration) -> Self {
        Self { client, terms: Terms { names, lifetime, renew_before } }
    }

    /// The certificate to serve with, made or renewed if need be. The webhook configurations trust its authority before this returns, so
    /// that no request meets a certificate that is not trusted yet.
    ///
    /// # Errors
    /// When the secret or the configurations can be neither read nor written.
    pub async fn current(&self, now: SystemTime) -> Result<Material, ClusterError> {
        let api: Api<Secret> = Api::namespaced(self.client.clone(), &self.terms.names.namespace);
        let mut tries = 0;
        loop {
            tries += 1;
            let held = api.get_opt(&self.terms.names.secret).await?;
            let kept = held.as_ref().map(Kept::read).unwrap_or_default();
            let step = kept.next(&self.terms, now)?;
            let Some(next) = step else {
                register(&self.client, &self.terms.names.webhook, &kept.material.bundle).await?;
                return Ok(kept.material);
            };
            match self.write(&api, held, &next).await {
                Ok(()) => {
                    // An authority that is new is known before anything it signed is served: serving begins when this returns.
                    register(&self.client, &self.terms.names.webhook, &next.material.bundle).await?;
                    tracing::info!(secret = self.terms.names.secret, "the certificate was renewed");
                    return Ok(next.material);
                }
                Err(kube::Error::Api(status)) if status.code == 409 && tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn write(&self, api: &Api<Secret>, held: Option<Secret>, next: &Kept) -> Result<(), kube::Error> {
        let data = next.data();
        if let Some(mut secret) = held {
            secret.data = Some(data);
            // With the resource version that was read: another replica's write in between makes this one fail.
            api.replace(&self.terms.names.secret, &PostParams::default(), &secret).await?;
        } else {
            let metadata = ObjectMeta { name: Some(self.terms.names.secret.clone()), ..ObjectMeta::default() };
            let secret = Secret { metadata, data: Some(data), type_: Some("kubernetes.io/tls".to_owned()), ..Secret::default() };
            api.create(&PostParams::default(), &secret).await?;
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
    fn next(&self, terms: &Terms, now: SystemTime) -> Result<Option<Self>, ClusterError> {
        let lasts = |pem: &str, margin: Duration| expiry(pem).is_ok_and(|(end, _)| end > now + margin);
        let names = terms.names.certificate();
        let authority = match &self.authority {
            Some(authority) if lasts(&authority.certificate, AUTHORITY_RENEW_BEFORE) => authority.clone(),
            _ => Authority::make(now)?,
        };
        let same_authority = self.authority.as_ref() == Some(&authority);
        let fits = expiry(&self.material.certificate)
            .is_ok_and(|(end, held)| end > now + terms.renew_before && names.iter().all(|name| held.contains(name)));
        if same_authority && fits && self.material.bundle.contains(authority.certificate.trim()) {
            return Ok(None);
        }
        let mut material = authority.sign(&names, now, terms.lifetime)?;
        // Replicas serve what the last authority signed until they have read the new secret.
        let last = self.authority.as_ref().filter(|last| **last != authority);
        if let Some(last) = last {
            material.bundle.push_str(&last.certificate);
        }
        Ok(Some(Self { authority: Some(authority), material }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn terms(namespace: &str) -> Terms {
        let text = |name: &str| name.to_owned();
        let names =
            Names { namespace: text(namespace), service: text("plimsoll"), secret: text("tls"), webhook: text("plimsoll"), also: vec![] };
        Terms { names, lifetime: DAY * 90, renew_before: DAY * 30 }
    }

    fn end(kept: &Kept) -> SystemTime {
        expiry(&kept.material.certificate).unwrap().0
    }

    #[test]
    fn certificate_is_made_kept_and_renewed_early() {
        let (now, terms) = (SystemTime::now(), terms("ns"));
        let first = Kept::default().next(&terms, now).unwrap().unwrap();
        assert_eq!(expiry(&first.material.certificate).unwrap().1, ["plimsoll.ns.svc", "plimsoll.ns.svc.cluster.local", "plimsoll.ns"]);
        assert!(first.next(&terms, now + DAY * 59).unwrap().is_none(), "it lasts");
        let second = first.next(&terms, now + DAY * 61).unwrap().unwrap();
        assert_eq!(second.authority, first.authority, "the authority stays");
        assert!(end(&second) > end(&first));
    }

    #[test]
    fn clock_that_jumps_back_or_far_ahead_leads_to_a_valid_certificate() {
        let (now, terms) = (SystemTime::now(), terms("ns"));
        let first = Kept::default().next(&terms, now).unwrap().unwrap();
        assert!(first.next(&terms, now - DAY * 3650).unwrap().is_none());
        let later = now + DAY * 3600;
        let next = first.next(&terms, later).unwrap().unwrap();
        assert_ne!(next.authority, first.authority, "the authority itself ends");
        assert!(end(&next) > later);
        let old = first.authority.unwrap().certificate;
        assert!(
            next.material.bundle.contains(&next.authority.as_ref().unwrap().certificate) && next.material.bundle.contains(&old),
            "both are trusted"
        );
    }

    #[test]
    fn what_the_secret_holds_is_not_believed() {
        let (now, terms) = (SystemTime::now(), terms("ns"));
        let good = Kept::default().next(&terms, now).unwrap().unwrap();
        let mut broken = good.clone();
        broken.material.certificate = "garbage".to_owned();
        assert!(broken.next(&terms, now).unwrap().is_some());
        let mut untrusted = good.clone();
        untrusted.material.bundle = String::new();
        assert!(untrusted.next(&terms, now).unwrap().is_some());
        assert!(good.next(&self::terms("elsewhere"), now).unwrap().is_some(), "another service is another name");
    }
}
