//! Requests and clients that mean harm: the right answer or the failure policy, never a wrong "allowed".

use crate::client::{create, get, good_pod, privileged_pod};
use crate::server::{Options, Server};
use hyper::StatusCode;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const JSON: &str = "application/json";

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_review_are_refused_with_a_reason() {
    let server = Server::with("").await;
    let client = server.client();
    let mut old = create(&good_pod("web"));
    old["apiVersion"] = json!("admission.k8s.io/v1beta1");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "not an AdmissionReview"),
        (b"{".to_vec(), "not an AdmissionReview"),
        (b"[]".to_vec(), "not an AdmissionReview"),
        (vec![0xff; 4096], "not an AdmissionReview"),
        (br#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"#.to_vec(), "holds no request"),
        (old.to_string().into_bytes(), "v1beta1"),
        (create(&good_pod("web")).to_string().into_bytes()[..300].to_vec(), "not an AdmissionReview"),
    ];
    for (body, told) in cases {
        let answer = client.send("/validate", JSON, body.clone()).await.unwrap();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", String::from_utf8_lossy(&body));
        assert!(answer.text().contains(told), "{} for {}", answer.text(), String::from_utf8_lossy(&body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_types_methods_and_paths_are_refused() {
    let server = Server::with("").await;
    let body = create(&good_pod("web")).to_string();
    for kind in ["text/plain", "application/yaml", ""] {
        let answer = server.client().send("/validate", kind, body.clone()).await.unwrap();
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    assert_eq!(server.client().send("/validate", "application/json; charset=utf-8", body.clone()).await.unwrap().status, StatusCode::OK);
    assert_eq!(server.client().send("/elsewhere", JSON, body.clone()).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(server.client().send("/healthz", JSON, body).await.unwrap().status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_over_the_limit_are_refused() {
    let server = Server::start(Options { config: "[serve]\nmax-body = \"64KB\"".to_owned(), ..Options::default() }).await.unwrap();
    let mut pod = good_pod("web");
    pod["metadata"]["annotations"] = json!({"x": "y".repeat(100_000)});
    let answer = server.client().send("/validate", JSON, create(&pod).to_string()).await.unwrap();
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.client().validate(&create(&good_pod("web"))).await["allowed"], true, "the server goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_bodies_together_have_a_limit() {
    let settings = |settings: &mut plimsoll_webhook::Settings| settings.body_budget = 32 << 10;
    let server = Server::start(Options { settings, ..Options::default() }).await.unwrap();
    let mut pod = good_pod("web");
    pod["metadata"]["annotations"] = json!({"x": "y".repeat(100_000)});
    let answer = server.client().send("/validate", JSON, create(&pod).to_string()).await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.client().validate(&create(&good_pod("web"))).await["allowed"], true, "the room is given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_too_deep_or_too_large_to_judge_meet_the_failure_policy() {
    for (policy, allowed) in [("fail", false), ("ignore", true)] {
        let server = Server::with(&format!("[serve]\nfailure-policy = \"{policy}\"")).await;
        let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
        let body = create(&privileged_pod("web")).to_string().replacen("\"spec\":{", &format!("\"spec\":{{\"deep\":{deep},"), 1);
        let answer = server.client().send("/validate", JSON, body).await.unwrap();
        let response = answer.response();
        assert_eq!((answer.status, &response["allowed"]), (StatusCode::OK, &json!(allowed)), "{response:#}");
        assert!(response["auditAnnotations"]["not-judged"].as_str().unwrap().contains("levels"), "{response:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn overload_is_answered_at_once_by_the_failure_policy() {
    for (policy, allowed) in [("fail", false), ("ignore", true)] {
        let settings = |settings: &mut plimsoll_webhook::Settings| settings.queue = 0;
        let config = format!("[serve]\nfailure-policy = \"{policy}\"");
        let server = Server::start(Options { config, settings, ..Options::default() }).await.unwrap();
        let start = Instant::now();
        let response = server.client().validate(&create(&good_pod("web"))).await;
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(
            (&response["allowed"], &response["uid"]),
            (&json!(allowed), &json!("705ab4f5-6393-11e8-b7cc-42010a800002")),
            "{response:#}"
        );
        if !allowed {
            assert_eq!((&response["status"]["code"], &response["status"]["reason"]), (&json!(429), &json!("TooManyRequests")));
        }
        server.metric("plimsoll_requests_total{question=\"validate\",outcome=\"overloaded\"} 1").await;
    }
}

/// An API server says in the address how long it waits.
#[tokio::test(flavor = "multi_thread")]
async fn answers_come_before_the_api_server_gives_up() {
    let server = Server::with("").await;
    let mut stream = server.http1().connect().await.unwrap();
    let start = Instant::now();
    stream
        .write_all(
            b"POST /validate?timeout=1s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        )
        .await
        .unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).await.unwrap_or_default();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_handshakes_and_slow_clients_block_nobody() {
    let settings = |settings: &mut plimsoll_webhook::Settings| {
        settings.handshake = Duration::from_millis(300);
        settings.connections = 64;
    };
    let server = Server::start(Options { settings, ..Options::default() }).await.unwrap();
    let mut held = vec![];
    for number in 0..40 {
        let mut stream = TcpStream::connect(server.running.address).await.unwrap();
        if number % 2 == 0 {
            // The beginning of a handshake, and then nothing.
            stream.write_all(&[0x16, 3, 1, 2, 0]).await.unwrap();
        }
        held.push(stream);
    }
    let mut slow = vec![];
    for _ in 0..10 {
        let mut stream = server.http1().connect().await.unwrap();
        stream.write_all(b"POST /validate HTTP/1.1\r\nhost: loc").await.unwrap();
        slow.push(stream);
    }
    let start = Instant::now();
    assert_eq!(server.client().validate(&create(&privileged_pod("web"))).await["allowed"], false);
    assert!(start.elapsed() < Duration::from_secs(5));
    let mut rest = [0; 16];
    for stream in &mut held {
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut rest)).await.expect("a half-open handshake is ended");
        assert!(matches!(ended, Ok(_) | Err(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_instead_of_tls_and_http_ends_the_connection() {
    let server = Server::with("").await;
    let mut plain = TcpStream::connect(server.running.address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut rest = vec![];
    plain.read_to_end(&mut rest).await.unwrap_or_default();
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    let mut stream = server.http1().connect().await.unwrap();
    stream.write_all(&[b'\x01'; 512]).await.unwrap();
    let mut rest = vec![];
    stream.read_to_end(&mut rest).await.unwrap_or_default();
    assert_eq!(server.client().validate(&create(&good_pod("web"))).await["allowed"], true);
    assert_eq!(get(server.running.ops_address, "/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_that_never_ends_is_refused() {
    let server = Server::with("").await;
    let mut stream = server.http1().connect().await.unwrap();
    let mut head = b"POST /validate HTTP/1.1\r\nhost: localhost\r\n".to_vec();
    for number in 0..5_000 {
        head.extend(format!("x-{number}: {}\r\n", "y".repeat(100)).bytes());
    }
    let _ = stream.write_all(&head).await;
    let mut rest = vec![];
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&rest));
}
