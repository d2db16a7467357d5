//! Who the API server is to webhooks: a client certificate, shown as its `AdmissionConfiguration` says.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use std::fs;
use std::path::Path;

/// The common name.
pub(crate) const NAME: &str = "kube-apiserver-test";

pub(crate) struct Identity {
    authority: String,
    certificate: String,
    key: String,
}

impl Identity {
    pub(crate) fn make() -> Self {
        let mut of_authority = CertificateParams::default();
        of_authority.distinguished_name.push(DnType::CommonName, "authority of API servers");
        of_authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let issuer = CertifiedIssuer::self_signed(of_authority, KeyPair::generate().unwrap()).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, NAME);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap().pem();
        Self { authority: issuer.pem(), certificate, key: key.serialize_pem() }
    }

    /// Writes `webhook-clients.crt` for the webhook, and `admission.yaml` with what it names for the API server.
    pub(crate) fn write(&self, folder: &Path) {
        let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        fs::write(at("webhook-clients.crt"), &self.authority).unwrap();
        fs::write(at("webhook-client.crt"), &self.certificate).unwrap();
        fs::write(at("webhook-client.key"), &self.key).unwrap();
        let users = format!(
            "apiVersion: v1
kind: Config
users: [{{name: '*', user: {{client-certificate: {}, client-key: {}}}}}]
",
            at("webhook-client.crt"),
            at("webhook-client.key")
        );
        fs::write(at("webhook-users.yaml"), users).unwrap();
        let plugin = |name: &str| {
            format!(
                "  - name: {name}
    configuration: {{apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration, kubeConfigFile: {}}}
",
                at("webhook-users.yaml")
            )
        };
        let text = format!(
            "apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
{}{}",
            plugin("ValidatingAdmissionWebhook"),
            plugin("MutatingAdmissionWebhook")
        );
        fs::write(at("admission.yaml"), text).unwrap();
    }
}
