//! What a server is started with. What may change while it runs is in the policy.

use plimsoll_config::Serve;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The namespace of the pod this runs in, as Kubernetes tells it.
const POD_NAMESPACE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/// Settings that hold until the server ends.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The HTTPS port.
    pub listen: SocketAddr,
    /// The plain port for health and metrics.
    pub ops_listen: SocketAddr,
    /// Where the certificate comes from.
    pub certificate: Certificate,
    /// Authorities that clients' certificates must come from; `None` asks for none.
    pub client_ca: Option<PathBuf>,
    /// Common names that clients' certificates may have; empty for any.
    pub client_names: Vec<String>,
    /// The server's own namespace.
    pub namespace: Option<String>,
    /// Time that requests are still taken after the signal to end.
    pub drain: Duration,
    /// Requests that may wait for a thread.
    pub queue: usize,
    /// Threads that judge.
    pub threads: usize,
    /// Largest body of a request in bytes.
    pub max_body: usize,
    /// Bytes of bodies that may lie in memory at once.
    pub body_budget: usize,
    /// Connections at once.
    pub connections: usize,
    /// Time for a TLS handshake, and for a request's head once its first byte is due.
    pub handshake: Duration,
    /// How often files and certificates are looked at for changes.
    pub poll: Duration,
    /// Admit everything, and report what would have been refused.
    pub dry_run_report: bool,
}

/// Where the server's certificate comes from.
#[derive(Debug, Clone)]
pub enum Certificate {
    /// Files, reloaded when they change.
    Files {
        /// Chain, PEM.
        certificate: PathBuf,
        /// Private key, PEM.
        key: PathBuf,
    },
    /// A secret of its own in the cluster.
    SelfSigned {
        /// What things are called.
        names: plimsoll_cluster::Names,
        /// Validity of a certificate.
        lifetime: Duration,
        /// How long before its end it is replaced.
        renew_before: Duration,
    },
}

impl Settings {
    /// Fills in what `[serve]`, flags and environment left open. `folder` is where the configuration's relative paths start.
    ///
    /// # Errors
    /// What is missing or cannot be read, as a lowercase fragment.
    pub fn new(serve: &Serve, folder: &Path) -> Result<Self, String> {
        let address = |text: &Option<String>, fallback: &str, name: &str| {
            let text = text.as_deref().unwrap_or(fallback);
            // `:8443` is how many write "every address".
            let full = if text.starts_with(':') { format!("[::]{text}") } else { text.to_owned() };
            full.parse().map_err(|_| format!("`{name}` must be an address such as 0.0.0.0:8443, not `{text}`"))
        };
        let namespace = serve.namespace.clone().or_else(own_namespace);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = serve.threads.filter(|threads| *threads > 0).map_or(cores, |threads| threads as usize);
        let max_body = serve.max_body.unwrap_or(8 << 20) as usize;
        Ok(Self {
            listen: address(&serve.listen, "0.0.0.0:8443", "listen")?,
            ops_listen: address(&serve.ops_listen, "0.0.0.0:8080", "ops-listen")?,
            certificate: certificate(serve, folder, namespace.as_deref())?,
            client_ca: serve.client_ca.as_ref().map(|path| folder.join(path)),
            client_names: serve.client_names.clone(),
            namespace,
            drain: serve.drain.unwrap_or(Duration::from_secs(5)),
            queue: serve.queue.unwrap_or(256) as usize,
            threads,
            max_body,
            body_budget: (64 << 20).max(max_body),
            connections: 1024,
            handshake: Duration::from_secs(5),
            poll: Duration::from_secs(2),
            dry_run_report: serve.dry_run_report.unwrap_or(false),
        })
    }
}

fn certificate(serve: &Serve, folder: &Path, namespace: Option<&str>) -> Result<Certificate, String> {
    if serve.self_signed != Some(true) {
        let (Some(certificate), Some(key)) = (&serve.tls_cert, &serve.tls_key) else {
            return Err("an API server speaks HTTPS alone: give --tls-cert and --tls-key, or --self-signed in a cluster".to_owned());
        };
        return Ok(Certificate::Files { certificate: folder.join(certificate), key: folder.join(key) });
    }
    if serve.tls_cert.is_some() || serve.tls_key.is_some() {
        return Err("`self-signed` makes the certificate itself: leave `tls-cert` and `tls-key` out".to_owned());
    }
    let namespace = namespace.ok_or("`self-signed` needs `namespace` where this does not run in a pod")?;
    let or = |name: &Option<String>, fallback: &str| name.clone().unwrap_or_else(|| fallback.to_owned());
    let lifetime = serve.certificate_lifetime.unwrap_or(Duration::from_hours(90 * 24));
    let renew_before = serve.certificate_renew_before.unwrap_or(lifetime / 3);
    if renew_before >= lifetime {
        return Err("`certificate-renew-before` must be shorter than `certificate-lifetime`".to_owned());
    }
    let names = plimsoll_cluster::Names {
        namespace: namespace.to_owned(),
        service: or(&serve.service, "plimsoll"),
        secret: or(&serve.secret, "plimsoll-tls"),
        webhook: or(&serve.webhook, "plimsoll"),
        also: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    };
    Ok(Certificate::SelfSigned { names, lifetime, renew_before })
}

fn own_namespace() -> Option<String> {
    let of_pod = std::fs::read_to_string(POD_NAMESPACE).ok().map(|text| text.trim().to_owned());
    std::env::var("POD_NAMESPACE").ok().or(of_pod).filter(|name| !name.is_empty())
}
