//! Plugins that misbehave while they judge.

use crate::client::{create, findings, good_pod, privileged_pod};
use crate::server::{Options, Server};
use plimsoll_artefact::{Guest, build_guest, encode};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The component of `tests/hostile/plugin`, built once.
fn plugin() -> PathBuf {
    static PLUGIN: OnceLock<PathBuf> = OnceLock::new();
    let made = PLUGIN.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let module = build_guest(&Guest {
            manifest: root.join("tests/hostile/plugin/Cargo.toml"),
            package: "hostile-plugin".to_owned(),
            // Where the built-in guests are built too: their dependencies are there.
            target_dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../guests"),
            locked: true,
        });
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("webhook-hostile.wasm");
        let mut component = encode(&module.unwrap()).unwrap();
        // Its other mode, whose rules judge objects of a cluster.
        let (marker, mode) = (b"plimsoll-hostile:honest.", b"plimsoll-hostile:cluster");
        let at = component.windows(marker.len()).position(|window| window == marker).unwrap();
        component[at..at + mode.len()].copy_from_slice(mode);
        std::fs::write(&path, component).unwrap();
        path
    });
    made.clone()
}

async fn server(rules: &[&str], more: &str) -> Server {
    let rules: Vec<String> = rules.iter().map(|rule| format!("\"hostile/{rule}\"")).collect();
    let config = format!("extend-select = [{}]\n[serve]\ndeadline = \"2s\"\n{more}", rules.join(", "));
    Server::start(Options { config, plugins: vec![plugin()], ..Options::default() }).await.unwrap()
}

fn unjudged(response: &Value) -> Vec<Value> {
    serde_json::from_str(response["auditAnnotations"]["unjudged"].as_str().unwrap_or("[]")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_loop_hoard_or_panic_meet_the_failure_policy_and_hurt_no_other() {
    for (rule, cause) in [("loops", ""), ("hoards", "memory"), ("panics", "had enough"), ("recurses", "deep")] {
        let fails = server(&[rule, "honest"], "failure-policy = \"fail\"").await;
        let start = Instant::now();
        let response = fails.client().validate(&create(&privileged_pod("web"))).await;
        assert!(start.elapsed() < Duration::from_secs(8), "{rule} is stopped: {:?}", start.elapsed());
        assert_eq!(response["allowed"], false, "{rule}: {response:#}");
        let told = unjudged(&response);
        assert!(told.iter().any(|one| one["message"].as_str().unwrap().contains(cause)), "{rule}: {response:#}");
        let heard = |wanted: &str| findings(&response).iter().any(|(rule, _)| rule == wanted);
        assert!(heard("kubernetes/privileged"), "{rule}: rules of other plugins are heard: {response:#}");
        // An endless rule may take all the time that its plugin has, so that no other of the same plugin can be asked.
        assert!(rule == "loops" || heard("hostile/honest"), "{rule}: other rules are heard: {response:#}");
        fails.metric("plimsoll_plugin_failures_total{plugin=\"hostile\"} 1").await;
        let ignores = server(&[rule], "failure-policy = \"ignore\"").await;
        let bad = ignores.client().validate(&create(&privileged_pod("web"))).await;
        assert_eq!(bad["allowed"], false, "{rule}: what other rules refuse stays refused: {bad:#}");
        let good = ignores.client().validate(&create(&good_pod("web"))).await;
        assert_eq!(good["allowed"], true, "{rule}: {good:#}");
        assert!(good["warnings"].as_array().unwrap().iter().any(|text| text.as_str().unwrap().starts_with("not judged by `hostile`")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_request_reaches_another() {
    let server = server(&["remembers"], "failure-policy = \"fail\"").await;
    for _ in 0..5 {
        let response = server.client().validate(&create(&good_pod("web"))).await;
        let text = response["auditAnnotations"]["findings"].as_str().unwrap();
        let list: Vec<Value> = serde_json::from_str(text).unwrap();
        let one = list.iter().find(|one| one["rule"] == "hostile/remembers").unwrap();
        assert_eq!(one["message"], "0", "an instance lives for one request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plugin_that_fails_its_trial_stops_the_start() {
    let config = "[[plugin]]\npath = \"no.wasm\"\nsha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"".to_owned();
    assert!(Server::start(Options { config, ..Options::default() }).await.is_err());
}
