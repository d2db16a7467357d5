//! A client that speaks TLS and HTTP/1 or HTTP/2, and requests as an API server words them.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What it trusts, and what it shows.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    config: Arc<ClientConfig>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The review's response.
    pub(crate) fn response(&self) -> Value {
        let review: Value = serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!((&review["kind"], &review["apiVersion"]), (&json!("AdmissionReview"), &json!("admission.k8s.io/v1")));
        review["response"].clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// Trusts `authority` (PEM), shows `identity` (certificate and key, PEM).
    pub(crate) fn new(address: SocketAddr, authority: &str, identity: Option<(&str, &str)>, http2: bool) -> Self {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let mut config = match identity {
            Some((certificate, key)) => builder
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                    PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
                )
                .unwrap(),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
        Self { address, config: Arc::new(config) }
    }

    /// A TLS connection.
    pub(crate) async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(self.config.clone()).connect(ServerName::try_from("localhost").unwrap(), stream).await
    }

    /// Posts a body over a connection of its own.
    pub(crate) async fn send(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> std::io::Result<Answer> {
        let mut open = self.open().await?;
        open.send(path, content_type, body).await
    }

    /// A connection for many requests.
    pub(crate) async fn open(&self) -> std::io::Result<Open> {
        let stream = self.connect().await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        if http2 {
            let (sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.map_err(other)?;
            tokio::spawn(connection);
            return Ok(Open::Http2(sender));
        }
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(other)?;
        tokio::spawn(connection);
        Ok(Open::Http1(sender))
    }

    /// Asks for a verdict.
    pub(crate) async fn validate(&self, review: &Value) -> Value {
        self.send("/validate?timeout=10s", "application/json", review.to_string()).await.unwrap().response()
    }

    /// Asks for a patch.
    pub(crate) async fn mutate(&self, review: &Value) -> Value {
        self.send("/mutate?timeout=10s", "application/json", review.to_string()).await.unwrap().response()
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> std::io::Error {
    std::io::Error::other(error)
}

/// An open connection.
pub(crate) enum Open {
    Http1(hyper::client::conn::http1::SendRequest<Full<Bytes>>),
    Http2(hyper::client::conn::http2::SendRequest<Full<Bytes>>),
}

impl Open {
    pub(crate) async fn send(&mut self, path: &str, content_type: &str, body: impl Into<Bytes>) -> std::io::Result<Answer> {
        let request = |uri: String| {
            Request::builder()
                .method(Method::POST)
                .uri(uri)
                .header("host", "localhost")
                .header("content-type", content_type)
                .body(Full::new(body.into()))
                .unwrap()
        };
        let response = match self {
            Self::Http1(sender) => {
                sender.ready().await.map_err(other)?;
                sender.send_request(request(path.to_owned())).await.map_err(other)?
            }
            Self::Http2(sender) => {
                sender.ready().await.map_err(other)?;
                sender.send_request(request(format!("https://localhost{path}"))).await.map_err(other)?
            }
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(other)?.to_bytes().to_vec();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// A plain GET.
pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::builder().uri(path).header("host", "localhost").body(Full::new(Bytes::new())).unwrap();
    let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes().to_vec() }
}

/// A review of an object's creation.
pub(crate) fn create(object: &Value) -> Value {
    let api_version = object["apiVersion"].as_str().unwrap();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let kind = json!({"group": group, "version": version, "kind": object["kind"]});
    let resource = json!({"group": group, "version": version, "resource": format!("{}s", object["kind"].as_str().unwrap().to_lowercase())});
    json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "705ab4f5-6393-11e8-b7cc-42010a800002", "kind": kind, "resource": resource, "requestKind": kind, "requestResource": resource,
            "name": object["metadata"]["name"].as_str().unwrap_or(""), "namespace": object["metadata"]["namespace"].as_str().unwrap_or(""), "operation": "CREATE",
            "userInfo": {"username": "alice", "groups": ["system:authenticated", "dev"]},
            "object": object, "oldObject": null, "dryRun": false,
            "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"},
        },
    })
}

/// A review of an object's change.
pub(crate) fn update(old: &Value, new: &Value) -> Value {
    let mut review = create(new);
    review["request"]["operation"] = "UPDATE".into();
    review["request"]["oldObject"] = old.clone();
    review
}

/// A pod in namespace `shop` that recommended rules have nothing against.
pub(crate) fn good_pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {
            "automountServiceAccountToken": false, "serviceAccountName": name,
            "securityContext": {"runAsNonRoot": true, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container(name)],
        },
    })
}

/// A container of such a pod.
pub(crate) fn container(name: &str) -> Value {
    json!({
        "name": name, "image": "registry.example.com/web:1.4.2",
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
        "livenessProbe": {"httpGet": {"path": "/", "port": 8080}}, "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
    })
}

/// The same pod with a container that is privileged, which is critical.
pub(crate) fn privileged_pod(name: &str) -> Value {
    let mut pod = good_pod(name);
    pod["spec"]["containers"][0]["securityContext"] = json!({
        "privileged": true, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}
    });
    pod
}

/// The findings that an answer lists in its audit annotations, as (rule, action).
pub(crate) fn findings(response: &Value) -> Vec<(String, String)> {
    let Some(text) = response["auditAnnotations"]["findings"].as_str() else { return vec![] };
    let list: Vec<Value> = serde_json::from_str(text).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.iter().map(|one| (text(&one["rule"]), text(&one["action"]))).collect()
}
