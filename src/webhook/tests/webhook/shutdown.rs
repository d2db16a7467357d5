//! Ending without losing what is under way.

use crate::client::{create, get, privileged_pod};
use crate::server::{Options, Server};
use hyper::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Clients that keep asking over open connections, over HTTP/1 and HTTP/2: every request that is sent is answered; a connection that was
/// ended is found ended before the next request goes out.
#[tokio::test(flavor = "multi_thread")]
async fn drain_loses_no_request() {
    let settings = |settings: &mut plimsoll_webhook::Settings| settings.drain = Duration::from_secs(4);
    let server = Server::start(Options { settings, ..Options::default() }).await.unwrap();
    let answered = Arc::new(AtomicUsize::new(0));
    let ended = Arc::new(AtomicBool::new(false));
    let ops = server.running.ops_address;
    let mut clients = vec![];
    for client in [server.client(), server.http1()] {
        let (answered, ended) = (answered.clone(), ended.clone());
        clients.push(tokio::spawn(async move {
            let mut open = client.open().await.unwrap();
            let body = create(&privileged_pod("web")).to_string();
            while !ended.load(Ordering::Acquire) {
                let answer = open.send("/validate", "application/json", body.clone()).await.unwrap();
                assert_eq!(answer.response()["allowed"], false);
                answered.fetch_add(1, Ordering::Relaxed);
                if answer.headers.get("connection").is_some_and(|value| value == "close") {
                    open = client.open().await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }));
    }
    while answered.load(Ordering::Relaxed) < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stop = tokio::spawn(server.running.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(get(ops, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE, "no new requests should come");
    let before = answered.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(answered.load(Ordering::Relaxed) > before, "what comes all the same is answered");
    ended.store(true, Ordering::Release);
    for client in clients {
        client.await.unwrap();
    }
    stop.await.unwrap();
}
