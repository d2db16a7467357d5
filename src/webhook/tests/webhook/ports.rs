//! Health, figures, and who may connect.

use crate::client::{Client, create, get, good_pod, privileged_pod};
use crate::server::{Options, Server};
use hyper::StatusCode;
use plimsoll_cluster::Authority;
use serde_json::Value;
use std::time::{Duration, SystemTime};

#[tokio::test(flavor = "multi_thread")]
async fn health_and_figures_are_on_the_plain_port() {
    let server = Server::with("").await;
    server.client().validate(&create(&privileged_pod("web"))).await;
    assert_eq!(get(server.running.ops_address, "/healthz").await.text(), "ok\n");
    let text = server.metric("plimsoll_ready 1").await;
    for line in [
        "plimsoll_requests_total{question=\"validate\",outcome=\"denied\"} 1",
        "plimsoll_verdicts_total{rule=\"kubernetes/privileged\",action=\"deny\"} 1",
        "plimsoll_request_duration_microseconds_count{question=\"validate\"} 1",
        "plimsoll_queue_waiting 0",
        "plimsoll_rules ",
        "plimsoll_certificate_not_after_seconds ",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "no `{line}` in\n{text}");
    }
    let ready = get(server.running.ops_address, "/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(ready.text().contains("[+] rules") && ready.text().contains("[+] certificate"), "{}", ready.text());
}

/// Names that requests bring must not become labels: there is no end of them.
#[tokio::test(flavor = "multi_thread")]
async fn figures_do_not_grow_with_requests() {
    let server = Server::with("").await;
    let client = server.client();
    let lines = |text: String| text.lines().count();
    client.validate(&create(&privileged_pod("web"))).await;
    let before = lines(get(server.running.ops_address, "/metrics").await.text());
    for number in 0..50 {
        let mut pod = privileged_pod(&format!("web-{number}"));
        pod["metadata"]["namespace"] = format!("team-{number}").into();
        let mut review = create(&pod);
        review["request"]["userInfo"]["username"] = format!("user-{number}").into();
        client.validate(&review).await;
    }
    assert_eq!(lines(get(server.running.ops_address, "/metrics").await.text()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_certificates_are_asked_for_where_the_operator_wants_them() {
    let clients = Authority::make(SystemTime::now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clients.crt");
    std::fs::write(&path, &clients.certificate).unwrap();
    let config = format!("[serve]\nclient-ca = {path:?}\nclient-names = [\"kube-apiserver\", \"plimsoll webhook\"]");
    let server = Server::start(Options { config, ..Options::default() }).await.unwrap();
    let review = create(&good_pod("web")).to_string();
    assert!(server.client().send("/validate", "application/json", review.clone()).await.is_err(), "without a certificate");
    let identity = |authority: &Authority| authority.sign(&["client".to_owned()], SystemTime::now(), Duration::from_hours(1)).unwrap();
    let stranger = identity(&Authority::make(SystemTime::now()).unwrap());
    let client = |own: &plimsoll_cluster::Material| {
        Client::new(server.running.address, &server.authority.certificate, Some((&own.certificate, &own.key)), true)
    };
    assert!(client(&stranger).send("/validate", "application/json", review.clone()).await.is_err(), "by another authority");
    let server_only = identity(&clients);
    assert!(client(&server_only).send("/validate", "application/json", review.clone()).await.is_err(), "for another purpose");
    let other = identity_for(&clients, "kubelet");
    assert!(client(&other).send("/validate", "application/json", review.clone()).await.is_err(), "for another name");
    let friend = identity_for(&clients, "kube-apiserver");
    let answer = client(&friend).send("/validate", "application/json", review).await.unwrap();
    assert_eq!(answer.response()["allowed"], true, "the one that the operator expects gets its answer");
}

/// A client's certificate, as whoever runs an API server makes it one.
fn identity_for(authority: &Authority, name: &str) -> plimsoll_cluster::Material {
    use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair};
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate, KeyPair::from_pem(&authority.key).unwrap()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().pem();
    plimsoll_cluster::Material { certificate, key: key.serialize_pem(), bundle: String::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_report_admits_and_tells_what_would_have_been_refused() {
    let settings = |settings: &mut plimsoll_webhook::Settings| settings.dry_run_report = true;
    let server = Server::start(Options { settings, ..Options::default() }).await.unwrap();
    let response = server.client().validate(&create(&privileged_pod("web"))).await;
    assert_eq!(response["allowed"], true);
    let warnings = response["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|text| text.as_str().unwrap().starts_with("would be refused: kubernetes/privileged")), "{warnings:?}");
    let report: Value = serde_json::from_str(&get(server.running.ops_address, "/report").await.text()).unwrap();
    let line = report["refusals"].as_array().unwrap().iter().find(|line| line["rule"] == "kubernetes/privileged").unwrap();
    assert_eq!((line["count"].as_u64(), line["namespace"].as_str(), line["last"]["user"].as_str()), (Some(1), Some("shop"), Some("alice")));
    assert_eq!(server.running.stop().await["requests"], 1);
}
