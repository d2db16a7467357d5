//! The server as a whole: what is started, what watches what, how it ends.

use crate::body::Budget;
use crate::health::Health;
use crate::listener::{Limits, listen};
use crate::metrics::Metrics;
use crate::namespaces::NamespaceLabels;
use crate::ops::{self, Ops};
use crate::policy::{Policy, PolicySource};
use crate::queue::Queue;
use crate::reload::Stamp;
use crate::report::Report;
use crate::routes::{self, Edge};
use crate::settings::{Certificate, Settings};
use crate::throttle::Throttle;
use crate::tls::{self, Clients};
use arc_swap::ArcSwap;
use plimsoll_cluster::{ClusterError, Keeper, Material};
use plimsoll_engine::Engine;
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Readiness waits so long for labels of namespaces; after that requests that need them are answered by the failure policy.
const LABELS: Duration = Duration::from_secs(10);
/// Time that requests under way have at the end, beyond the drain.
const LAST: Duration = Duration::from_secs(10);

/// Why a server cannot start, or cannot go on: a lowercase fragment.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration is wrong.
    #[error("{}", .0.join("\n"))]
    Policy(Vec<String>),
    /// The certificate cannot be had.
    #[error("certificate: {0}")]
    Certificate(String),
    /// The cluster does not answer.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// An address cannot be listened on, or no thread can be had.
    #[error("cannot {0}: {1}")]
    System(String, std::io::Error),
}

/// A server under way.
pub struct Running {
    /// The HTTPS port.
    pub address: SocketAddr,
    /// The plain port.
    pub ops_address: SocketAddr,
    drain: Duration,
    health: Arc<Health>,
    report: Arc<Report>,
    end: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    watchers: Vec<JoinHandle<()>>,
}

/// Starts a server and gives it back once it is ready to be asked. `namespaces` is where labels of namespaces come from.
///
/// # Errors
/// When the configuration, the certificate or an address cannot be used.
pub async fn start(settings: Settings, source: PolicySource, engine: Engine, namespaces: NamespaceLabels) -> Result<Running, ServeError> {
    let metrics = Arc::new(Metrics::new());
    let health = Arc::new(Health::default());
    let report = Arc::new(Report::default());
    let (end, ended) = watch::channel(false);
    let listener = bind(settings.listen).await?;
    let ops_listener = bind(settings.ops_listen).await?;
    let (address, ops_address) = (local(&listener)?, local(&ops_listener)?);
    let limits = Limits { connections: settings.connections, handshake: settings.handshake, last: LAST };

    // Health is there from the first moment on: whoever asks sees what is not ready yet.
    let plain = ops::routes(Ops { health: health.clone(), metrics: metrics.clone(), report: report.clone() });
    let mut tasks = vec![tokio::spawn(listen(ops_listener, None, plain, limits.clone(), metrics.clone(), ended.clone()))];

    let engine = Arc::new(engine);
    // Files are looked at before they are read: what changes in between is a change.
    let seen = look(&source);
    let policy = {
        let (source, engine, own) = (source.clone(), engine.clone(), settings.namespace.clone());
        let loaded = tokio::task::spawn_blocking(move || source.load(&engine, own.as_deref())).await;
        loaded.map_err(|error| ServeError::Policy(vec![error.to_string()]))?.map_err(ServeError::Policy)?
    };
    tell(&policy, &metrics);
    health.rules_are_ready();
    let policy = Arc::new(ArcSwap::from_pointee(policy));

    let certificates = Certificates::new(&settings, metrics.clone()).await?;
    let seen_certificates = certificates.stamp();
    let (tls, first) = certificates.first().await?;
    health.certificate_is_ready();

    let queue = Queue::start(settings.threads, settings.queue).map_err(|error| ServeError::System("start threads".to_owned(), error))?;
    let edge = Arc::new(Edge {
        policy: policy.clone(),
        queue,
        budget: Budget::new(settings.body_budget, settings.max_body),
        namespaces: namespaces.clone(),
        metrics: metrics.clone(),
        report: report.clone(),
        health: health.clone(),
        dry_run_report: settings.dry_run_report,
        overloads: Throttle::default(),
        unread: Throttle::default(),
    });
    tasks.push(tokio::spawn(listen(listener, Some(tls.clone()), routes::routes(edge), limits, metrics.clone(), ended)));
    let watchers = vec![
        tokio::spawn(watch_policy(
            Watched { source, engine, own_namespace: settings.namespace.clone(), seen },
            policy.clone(),
            metrics.clone(),
            settings.poll,
        )),
        tokio::spawn(certificates.watch(tls, first, seen_certificates)),
        tokio::spawn(watch_namespaces(namespaces, policy, health.clone())),
    ];
    tracing::info!(%address, %ops_address, "listening");
    Ok(Running { address, ops_address, drain: settings.drain, health, report, end, tasks, watchers })
}

/// Serves until the process is told to end (SIGTERM, SIGINT), then drains. Gives the dry-run report.
///
/// # Errors
/// When it cannot start.
pub async fn serve(
    settings: Settings,
    source: PolicySource,
    engine: Engine,
    namespaces: NamespaceLabels,
) -> Result<serde_json::Value, ServeError> {
    let running = start(settings, source, engine, namespaces).await?;
    asked_to_end().await.map_err(|error| ServeError::System("wait for signals".to_owned(), error))?;
    Ok(running.stop().await)
}

impl Running {
    /// Whether it says that requests should come.
    pub fn is_ready(&self) -> bool {
        self.health.is_ready()
    }

    /// Drains and ends: readiness goes first, so that no new requests are sent; what comes all the same is served; then connections are
    /// ended, each after what is under way on it.
    pub async fn stop(self) -> serde_json::Value {
        self.health.drain();
        tracing::info!(seconds = self.drain.as_secs_f64(), "draining");
        tokio::time::sleep(self.drain).await;
        self.end.send_replace(true);
        for task in self.tasks {
            let _ = task.await;
        }
        for watcher in self.watchers {
            watcher.abort();
        }
        tracing::info!("ended");
        self.report.json()
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::System(format!("listen on {address}"), error))
}

fn local(listener: &TcpListener) -> Result<SocketAddr, ServeError> {
    listener.local_addr().map_err(|error| ServeError::System("tell the address".to_owned(), error))
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn tell(policy: &Policy, metrics: &Metrics) {
    for notice in policy.admission.notices() {
        tracing::warn!(message = notice.message, "a setting is doubtful");
    }
    let rules = policy.admission.rules().count();
    metrics.rules_in_force(rules);
    tracing::info!(policy = policy.digest, rules, "the policy is in force");
}

/// What a policy is made of, and what that looked like.
struct Watched {
    source: PolicySource,
    engine: Arc<Engine>,
    own_namespace: Option<String>,
    seen: (Stamp, plimsoll_verdict::Date),
}

/// Waivers and exemptions end with a day, so a new day is a change too.
fn look(source: &PolicySource) -> (Stamp, plimsoll_verdict::Date) {
    (Stamp::of(&source.files()), plimsoll_verdict::today())
}

/// Takes a new policy over once it has loaded and judged the canary; until then, and if it does not, the old one serves.
async fn watch_policy(watched: Watched, policy: Arc<ArcSwap<Policy>>, metrics: Arc<Metrics>, poll: Duration) {
    let Watched { source, engine, own_namespace, mut seen } = watched;
    loop {
        tokio::time::sleep(poll).await;
        let now = look(&source);
        if now == seen {
            continue;
        }
        seen = now;
        let (from, with, own) = (source.clone(), engine.clone(), own_namespace.clone());
        let loaded = tokio::task::spawn_blocking(move || from.load(&with, own.as_deref())).await;
        match loaded {
            Ok(Ok(next)) => {
                tell(&next, &metrics);
                policy.store(Arc::new(next));
                engine.forget_unused();
                metrics.reloaded("policy", true);
            }
            Ok(Err(errors)) => {
                tracing::error!(?errors, "the new policy is refused; the last one stays in force");
                metrics.reloaded("policy", false);
            }
            Err(error) => {
                tracing::error!(%error, "loading the new policy panicked; the last one stays in force");
                metrics.reloaded("policy", false);
            }
        }
    }
}

async fn watch_namespaces(namespaces: NamespaceLabels, policy: Arc<ArcSwap<Policy>>, health: Arc<Health>) {
    let started = Instant::now();
    while policy.load().needs_namespace_labels() && !namespaces.synced() && started.elapsed() < LABELS {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    health.namespaces_are_ready();
}

/// Where the certificate comes from and how it is kept fresh.
struct Certificates {
    origin: Origin,
    client_ca: Option<PathBuf>,
    client_names: Vec<String>,
    poll: Duration,
    metrics: Arc<Metrics>,
}

enum Origin {
    Files(PathBuf, PathBuf),
    Cluster(Box<Keeper>, Duration),
}

impl Certificates {
    async fn new(settings: &Settings, metrics: Arc<Metrics>) -> Result<Self, ServeError> {
        let origin = match &settings.certificate {
            Certificate::Files { certificate, key } => Origin::Files(certificate.clone(), key.clone()),
            Certificate::SelfSigned { names, lifetime, renew_before } => {
                let client = plimsoll_cluster::connect(None).await?;
                let every = (*renew_before / 10).clamp(Duration::from_secs(1), Duration::from_mins(1));
                Origin::Cluster(Box::new(Keeper::new(client, names.clone(), *lifetime, *renew_before)), every)
            }
        };
        let (client_ca, client_names) = (settings.client_ca.clone(), settings.client_names.clone());
        Ok(Self { origin, client_ca, client_names, poll: settings.poll, metrics })
    }

    async fn first(&self) -> Result<(Arc<ArcSwap<ServerConfig>>, Material), ServeError> {
        let material = self.material().await?;
        let config = self.config(&material).map_err(ServeError::Certificate)?;
        Ok((Arc::new(ArcSwap::from_pointee(config)), material))
    }

    /// What is to be served with now.
    async fn material(&self) -> Result<Material, ServeError> {
        match &self.origin {
            Origin::Cluster(keeper, _) => Ok(keeper.current(SystemTime::now()).await?),
            Origin::Files(certificate, key) => {
                let read = |path: &PathBuf| {
                    std::fs::read_to_string(path)
                        .map_err(|error| ServeError::Certificate(format!("cannot read {}: {error}", path.display())))
                };
                Ok(Material { certificate: read(certificate)?, key: read(key)?, bundle: String::new() })
            }
        }
    }

    fn config(&self, material: &Material) -> Result<ServerConfig, String> {
        let authorities = match &self.client_ca {
            Some(path) => std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?,
            None => vec![],
        };
        let clients = Clients { authorities, names: self.client_names.clone() };
        let config = tls::config(material.certificate.as_bytes(), material.key.as_bytes(), &clients)?;
        if let Ok((end, _)) = plimsoll_cluster::expiry(&material.certificate) {
            let seconds = end.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            self.metrics.certificate_ends.set(i64::try_from(seconds).unwrap_or(i64::MAX));
        }
        Ok(config)
    }

    fn stamp(&self) -> Stamp {
        let mut files: Vec<PathBuf> = self.client_ca.iter().cloned().collect();
        if let Origin::Files(certificate, key) = &self.origin {
            files.extend([certificate.clone(), key.clone()]);
        }
        Stamp::of(&files)
    }

    /// Serves new connections with the new certificate once there is one that can be used. Connections that are open keep theirs.
    async fn watch(self, tls: Arc<ArcSwap<ServerConfig>>, first: Material, mut seen: Stamp) {
        let mut material = first;
        let mut failing = false;
        loop {
            let every = if let Origin::Cluster(_, every) = &self.origin { *every } else { self.poll };
            tokio::time::sleep(every).await;
            let now = self.stamp();
            let files = matches!(self.origin, Origin::Files(..));
            if files && now == seen {
                continue;
            }
            let read = self.material().await;
            match read.map_err(|error| error.to_string()).and_then(|next| {
                let changed = next != material || now != seen;
                Ok((changed.then(|| self.config(&next)).transpose()?, next))
            }) {
                Ok((config, next)) => {
                    failing = false;
                    seen = now;
                    if let Some(config) = config {
                        tls.store(Arc::new(config));
                        material = next;
                        tracing::info!("the certificate was taken over");
                        self.metrics.reloaded("certificate", true);
                    }
                }
                // Half-written files come right by themselves: they are looked at again, but told of once.
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(error, "the new certificate is refused; the last one is served");
                    self.metrics.reloaded("certificate", false);
                }
                Err(_) => {}
            }
        }
    }
}
