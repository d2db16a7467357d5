//! Connections: accepted within limits, served, and ended without losing a request.

use crate::metrics::Metrics;
use crate::stream::{Gathered, by_record};
use arc_swap::ArcSwap;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Requests of one HTTP/2 connection at once: an API server brings all of its own over one.
const STREAMS: u32 = 2_048;
/// An HTTP/2 connection is asked for a sign of life after this.
const PING: Duration = Duration::from_secs(30);
/// Time for the answer to that.
const PONG: Duration = Duration::from_secs(10);
/// Pause after the system gave no socket: it has none to give for a moment.
const NO_SOCKET: Duration = Duration::from_millis(50);

/// How connections are taken.
#[derive(Clone)]
pub(crate) struct Limits {
    /// At once.
    pub(crate) connections: usize,
    /// For a TLS handshake, and for the head of a request over HTTP/1.
    pub(crate) handshake: Duration,
    /// For what is under way when the server ends.
    pub(crate) last: Duration,
}

/// Serves connections until `end` says so, then lets what is under way finish. Without `tls` the port is plain.
pub(crate) async fn listen(
    listener: TcpListener,
    tls: Option<Arc<ArcSwap<ServerConfig>>>,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    mut end: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let service = TowerToHyperService::new(router);
    let mut http = Builder::new(TokioExecutor::new());
    // Over HTTP/1 the time for a head also ends connections that are idle: a client that holds one open and sends nothing has no other limit.
    http.http1().timer(TokioTimer::new()).header_read_timeout(PING.max(limits.handshake)).max_buf_size(64 << 10);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(8 << 20)
        .max_header_list_size(32 << 10)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG);
    let http = Arc::new(http);
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = end.wait_for(|end| *end) => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(NO_SOCKET).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (tls, http, service, watcher, metrics) = (tls.clone(), http.clone(), service.clone(), graceful.watcher(), metrics.clone());
        let handshake = limits.handshake;
        tokio::spawn(async move {
            let _permit = permit;
            metrics.connections.inc();
            match tls {
                None => {
                    let connection = http.serve_connection(TokioIo::new(stream), service).into_owned();
                    let _ = watcher.watch(connection).await;
                }
                Some(tls) => {
                    if let Some(stream) = shake_hands(stream, &tls, handshake).await {
                        let connection = http.serve_connection(TokioIo::new(Gathered::new(stream)), service).into_owned();
                        if let Err(error) = watcher.watch(connection).await {
                            tracing::debug!(%error, "a connection ended");
                        }
                    }
                }
            }
            metrics.connections.dec();
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.last, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were cut off that did not end in time");
    }
}

async fn shake_hands(stream: TcpStream, tls: &ArcSwap<ServerConfig>, within: Duration) -> Option<TlsStream<BufReader<TcpStream>>> {
    let acceptor = TlsAcceptor::from(tls.load_full());
    match tokio::time::timeout(within, acceptor.accept(by_record(stream))).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(_) => {
            tracing::debug!("a TLS handshake took too long");
            None
        }
    }
}
