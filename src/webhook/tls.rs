//! The TLS side of the HTTPS port: certificates from PEM, and who may connect.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme};
use std::sync::Arc;

/// Clients' certificates: the authorities they come from, and the common names they may have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clients {
    /// PEM; empty asks for no certificate.
    pub(crate) authorities: Vec<u8>,
    pub(crate) names: Vec<String>,
}

/// The configuration to accept connections with.
///
/// # Errors
/// What is wrong with a certificate or key, as a lowercase fragment.
pub(crate) fn config(certificate: &[u8], key: &[u8], clients: &Clients) -> Result<ServerConfig, String> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the certificate is not PEM: {error}"))?;
    if chain.is_empty() {
        return Err("there is no certificate in the file".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("the private key is not PEM: {error}"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    let builder = if clients.authorities.is_empty() {
        builder.with_no_client_auth()
    } else {
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(&clients.authorities) {
            let authority = authority.map_err(|error| format!("the client authorities are not PEM: {error}"))?;
            roots.add(authority).map_err(|error| format!("a client authority cannot be used: {error}"))?;
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        let verifier = verifier.map_err(|error| format!("the client authorities cannot be used: {error}"))?;
        builder.with_client_cert_verifier(Arc::new(Named { inner: verifier, names: clients.names.clone() }))
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| format!("certificate and key cannot be used: {error}"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Checks the common name besides the chain.
#[derive(Debug)]
struct Named {
    inner: Arc<dyn ClientCertVerifier>,
    names: Vec<String>,
}

impl ClientCertVerifier for Named {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let verified = self.inner.verify_client_cert(end, between, now)?;
        if self.names.is_empty() || common_names(end).iter().any(|name| self.names.contains(name)) {
            return Ok(verified);
        }
        Err(rustls::Error::General("the client's certificate has none of the names that may connect".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn common_names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok((_, certificate)) = x509_parser::parse_x509_certificate(certificate) else { return vec![] };
    certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok()).map(str::to_owned).collect()
}
