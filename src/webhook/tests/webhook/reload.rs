//! New certificates and new policies without a restart.

use crate::client::{Client, create, get, privileged_pod};
use crate::server::{Options, Server};
use plimsoll_cluster::Authority;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// Asks until the answer is as expected.
async fn until(server: &Server, allowed: bool) {
    let start = Instant::now();
    while server.client().validate(&create(&privileged_pod("web"))).await["allowed"] != allowed {
        assert!(start.elapsed() < Duration::from_secs(30), "the new policy is not in force");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const AUDIT: &str = "[[serve.enforce]]\naction = \"audit\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn policy_is_taken_over_when_the_file_changes() {
    let server = Server::with("").await;
    until(&server, false).await;
    std::fs::write(server.folder.path().join("plimsoll.toml"), AUDIT).unwrap();
    until(&server, true).await;
    server.metric("plimsoll_reloads_total{what=\"policy\",result=\"taken\"} 1").await;
}

/// As the kubelet does it: `plimsoll.toml` leads through `..data`, which is swapped for a link to the next folder.
#[tokio::test(flavor = "multi_thread")]
async fn config_map_mounts_swap_links() {
    let server = Server::with("").await;
    let folder = server.folder.path();
    let version = |name: &str, text: &str| {
        std::fs::create_dir(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("plimsoll.toml"), text).unwrap();
    };
    version("..1", "");
    version("..2", AUDIT);
    symlink("..1", folder.join("..data")).unwrap();
    std::fs::remove_file(folder.join("plimsoll.toml")).unwrap();
    symlink("..data/plimsoll.toml", folder.join("plimsoll.toml")).unwrap();
    until(&server, false).await;
    symlink("..2", folder.join("..data_tmp")).unwrap();
    std::fs::rename(folder.join("..data_tmp"), folder.join("..data")).unwrap();
    until(&server, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_policy_is_refused_and_the_last_one_stays() {
    let server = Server::with(AUDIT).await;
    for (number, text) in ["select = [", "[[serve.enforce]]\naction = \"deny\"\nrules = [\"kubernetes/no-such\"]\n"].iter().enumerate() {
        std::fs::write(server.folder.path().join("plimsoll.toml"), text).unwrap();
        server.metric(&format!("plimsoll_reloads_total{{what=\"policy\",result=\"refused\"}} {}", number + 1)).await;
        until(&server, true).await;
    }
    std::fs::write(server.folder.path().join("plimsoll.toml"), "").unwrap();
    until(&server, false).await;
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_is_taken_over_without_losing_a_request() {
    let server = Server::with("").await;
    let next = Authority::make(SystemTime::now()).unwrap();
    let material = next.sign(&["localhost".to_owned()], SystemTime::now(), Duration::from_hours(1)).unwrap();
    let both = format!("{}{}", server.authority.certificate, next.certificate);
    let client = Client::new(server.running.address, &both, None, true);
    let asked = {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in 0..200 {
                assert_eq!(client.validate(&create(&privileged_pod("web"))).await["allowed"], false);
            }
        })
    };
    // Half of it first: certificate and key that do not belong together are not taken.
    write(server.folder.path(), "tls.crt", &material.certificate);
    server.metric("plimsoll_reloads_total{what=\"certificate\",result=\"refused\"} 1").await;
    write(server.folder.path(), "tls.key", &material.key);
    server.metric("plimsoll_reloads_total{what=\"certificate\",result=\"taken\"} 1").await;
    asked.await.unwrap();
    let new = Client::new(server.running.address, &next.certificate, None, true);
    assert_eq!(new.validate(&create(&privileged_pod("web"))).await["allowed"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_certificate_stops_the_start_and_not_the_server() {
    let server = Server::with("").await;
    write(server.folder.path(), "tls.crt", "garbage");
    server.metric("plimsoll_reloads_total{what=\"certificate\",result=\"refused\"} 1").await;
    assert_eq!(server.client().validate(&create(&privileged_pod("web"))).await["allowed"], false);
    assert_eq!(get(server.running.ops_address, "/readyz").await.status, 200);
    let settings = |settings: &mut plimsoll_webhook::Settings| {
        settings.certificate =
            plimsoll_webhook::Certificate::Files { certificate: "/nowhere/tls.crt".into(), key: "/nowhere/tls.key".into() };
    };
    let error = Server::start(Options { settings, ..Options::default() }).await.err().unwrap_or_default();
    assert!(error.contains("cannot read /nowhere/tls.crt"), "{error}");
}
