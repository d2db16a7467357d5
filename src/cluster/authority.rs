//! A certificate authority of the webhook's own, and server certificates from it.

use crate::ClusterError;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an authority is valid. It signs nothing but this server's certificates.
const AUTHORITY_LIFETIME: Duration = Duration::from_hours(10 * 365 * 24);
/// Certificates are valid from a little before they were made: clocks differ.
const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// A certificate and what belongs to it, PEM.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Material {
    /// The server's certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
    /// Every authority that clients must trust: the one that signed, and before a change the next or the last one.
    pub bundle: String,
}

impl std::fmt::Debug for Material {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Material").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// An authority: its certificate and private key, PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

fn fail(error: impl std::fmt::Display) -> ClusterError {
    ClusterError::Certificate(error.to_string())
}

impl Authority {
    /// Makes one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn make(now: SystemTime) -> Result<Self, ClusterError> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "plimsoll webhook authority");
        // Authorities follow each other: clients tell them apart by name.
        params.distinguished_name.push(DnType::OrganizationalUnitName, since_epoch(now).as_secs().to_string());
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid(&mut params, now, AUTHORITY_LIFETIME);
        let key = KeyPair::generate().map_err(fail)?;
        let pem = key.serialize_pem();
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(fail)?;
        Ok(Self { certificate: issuer.pem(), key: pem })
    }

    /// A server certificate for these names.
    ///
    /// # Errors
    /// When this authority cannot be read, or a name is none.
    pub fn sign(&self, names: &[String], now: SystemTime, lifetime: Duration) -> Result<Material, ClusterError> {
        let issuer = Issuer::from_ca_cert_pem(&self.certificate, KeyPair::from_pem(&self.key).map_err(fail)?).map_err(fail)?;
        let mut params = CertificateParams::new(names.to_vec()).map_err(fail)?;
        params.distinguished_name.push(DnType::CommonName, "plimsoll webhook");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        valid(&mut params, now, lifetime);
        let key = KeyPair::generate().map_err(fail)?;
        let certificate = params.signed_by(&key, &issuer).map_err(fail)?;
        Ok(Material { certificate: certificate.pem(), key: key.serialize_pem(), bundle: self.certificate.clone() })
    }
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn valid(params: &mut CertificateParams, now: SystemTime, lifetime: Duration) {
    let now = date_time_ymd(1970, 1, 1) + since_epoch(now);
    params.not_before = now - CLOCKS_DIFFER;
    params.not_after = now + lifetime;
}

/// When the first certificate of a PEM text ends, and which names it is for.
///
/// # Errors
/// When it is no certificate.
pub fn expiry(pem: &str) -> Result<(SystemTime, Vec<String>), ClusterError> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).map_err(fail)?;
    let certificate = pem.parse_x509().map_err(fail)?;
    let end = u64::try_from(certificate.validity().not_after.timestamp()).map_err(fail)?;
    let names = certificate.subject_alternative_name().map_err(fail)?.map(|names| {
        let text = |name: &x509_parser::extensions::GeneralName<'_>| match name {
            x509_parser::extensions::GeneralName::DNSName(name) => Some((*name).to_owned()),
            x509_parser::extensions::GeneralName::IPAddress([a, b, c, d]) => Some(format!("{a}.{b}.{c}.{d}")),
            _ => None,
        };
        names.value.general_names.iter().filter_map(text).collect()
    });
    Ok((UNIX_EPOCH + Duration::from_secs(end), names.unwrap_or_default()))
}
