//! `[serve]` as operators write it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_config::{Action, Config, FailurePolicy, Layer, Origin, Serve, load, schema};
use plimsoll_finding::Severity;
use std::time::Duration;

fn one(text: &str) -> Config {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plimsoll.toml");
    std::fs::write(&path, text).unwrap();
    load(&path, directory.path())
}

fn messages(config: &Config) -> Vec<String> {
    let line = |origin: &Origin| match origin {
        Origin::File { line, column, .. } => format!("{line}:{column}"),
        other => other.to_string(),
    };
    config.problems.iter().map(|problem| format!("{} {}", line(&problem.origin), problem.message)).collect()
}

#[test]
fn settings_are_read() {
    let config = one(r#"
        [serve]
        listen = "0.0.0.0:9443"
        tls-cert = "tls/tls.crt"
        failure-policy = "ignore"
        deadline = "500ms"
        max-body = "4MB"
        annotation-waivers = true
        unsafe-fixes = "kubernetes/privileged"
        [serve.actions]
        medium = "off"
        [[serve.enforce]]
        rules = ["kubernetes"]
        action = "warn"
        namespace-labels = "env=dev"
        [[serve.exemption]]
        namespaces = ["agents"]
        reason = "reads logs"
        until = 2027-01-31
    "#);
    assert_eq!(messages(&config), Vec::<String>::new());
    let serve = config.serve();
    assert_eq!(serve.listen.as_deref(), Some("0.0.0.0:9443"));
    assert_eq!(serve.tls_cert, Some("tls/tls.crt".into()));
    assert_eq!(
        (serve.failure_policy, serve.deadline, serve.max_body),
        (Some(FailurePolicy::Ignore), Some(Duration::from_millis(500)), Some(4 << 20))
    );
    assert!(serve.annotation_waivers);
    assert_eq!(serve.actions, [(Severity::Medium, Action::Off)]);
    assert_eq!(
        (serve.enforce[0].action, serve.enforce[0].matches.namespace_labels.as_ref().unwrap().value.as_str()),
        (Some(Action::Warn), "env=dev")
    );
    assert_eq!(serve.exemptions[0].until.unwrap().to_string(), "2027-01-31");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let config = one(
        "[serve]\nlisen = \"x\"\ndeadline = 8\nqueue = -1\nfailure-policy = \"open\"\n[[serve.enforce]]\naction = \"block\"\n[[serve.enforce]]\nnamespace = \"x\"\naction = \"warn\"\n[[serve.exemption]]\nrules = [\"ALL\"]\n",
    );
    assert_eq!(
        messages(&config),
        [
            "2:1 unknown key `serve.lisen`, did you mean `listen`?",
            "3:12 `serve.deadline` must be a time such as \"8s\", \"500ms\", \"90d\"",
            "4:9 `serve.queue` must be a number from 0 up, not a number",
            "5:18 `serve.failure-policy` must be fail, ignore, not `open`",
            "7:10 `serve.enforce.action` must be off, audit, warn, deny, not `block`",
            "6:1 an entry of `serve.enforce` needs `action`",
            "9:1 unknown key `serve.enforce.namespace`, did you mean `namespaces`?",
            "11:1 an exemption needs `reason`",
        ]
    );
    assert!(config.serve().exemptions.is_empty(), "an exemption without a reason exempts nothing");
}

#[test]
fn flags_stand_over_the_file_and_lists_add_up() {
    let config = one("[serve]\nqueue = 5\ntrust-fixes = [\"a\"]\n");
    let serve = Serve { queue: Some(7), trust_fixes: vec!["b".to_owned()], ..Serve::default() };
    let serve = config.with(Layer { origin: Origin::CommandLine, serve, ..Layer::default() }).serve();
    assert_eq!((serve.queue, serve.trust_fixes), (Some(7), vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn schema_and_effective_settings_know_the_table() {
    assert!(schema(&[])["properties"]["serve"]["properties"]["enforce"]["items"]["properties"]["namespace-labels"].is_object());
    let shown: Vec<String> = one("[serve]\nqueue = 5\n").effective().iter().map(|one| format!("{} = {}", one.key, one.value)).collect();
    assert!(shown.contains(&"serve.queue = 5".to_owned()), "{shown:?}");
}
