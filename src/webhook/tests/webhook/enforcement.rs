//! What rules lead to, for whom, and who is exempt.

use crate::client::{create, findings, privileged_pod};
use crate::server::{Options, Server};
use plimsoll_webhook::NamespaceLabels;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the rule about privileged containers leads to; `None` if it does not count.
async fn action(server: &Server, change: impl Fn(&mut Value)) -> Option<String> {
    let mut review = create(&privileged_pod("web"));
    change(&mut review["request"]);
    let response = server.client().validate(&review).await;
    let found = findings(&response).into_iter().find(|(rule, _)| rule == "kubernetes/privileged").map(|(_, action)| action);
    let denied = findings(&response).iter().any(|(_, action)| action == "deny");
    assert_eq!(response["allowed"] == false, denied, "{response:#}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn last_entry_that_matches_decides() {
    let server = Server::with(
        r#"
        [serve.actions]
        critical = "audit"
        [[serve.enforce]]
        rules = ["kubernetes/privileged"]
        action = "warn"
        namespaces = ["team-*"]
        [[serve.enforce]]
        action = "off"
        users = ["system:serviceaccount:ci:*"]
        [[serve.enforce]]
        rules = ["kubernetes/privileged"]
        action = "deny"
        labels = "tier in (front, back)"
        kinds = ["Pod"]
        [[serve.enforce]]
        action = "warn"
        groups = ["dba"]
        operations = ["CREATE"]
        "#,
    )
    .await;
    assert_eq!(action(&server, |_| {}).await, Some("audit".to_owned()), "by severity");
    assert_eq!(action(&server, |request| request["namespace"] = json!("team-a")).await, Some("warn".to_owned()), "by namespace");
    let ci = |request: &mut Value| request["userInfo"]["username"] = json!("system:serviceaccount:ci:builder");
    assert_eq!(action(&server, ci).await, None, "by user");
    let labelled = |request: &mut Value| request["object"]["metadata"]["labels"]["tier"] = json!("front");
    assert_eq!(action(&server, labelled).await, Some("deny".to_owned()), "by label");
    let both = |request: &mut Value| {
        ci(request);
        labelled(request);
    };
    assert_eq!(action(&server, both).await, Some("deny".to_owned()), "the last of two");
    assert_eq!(action(&server, |request| request["userInfo"]["groups"] = json!(["dba"])).await, Some("warn".to_owned()), "by group");
}

fn labels(namespaces: &[(&str, &[(&str, &str)])]) -> NamespaceLabels {
    let pairs =
        |labels: &[(&str, &str)]| labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>();
    NamespaceLabels::Fixed(namespaces.iter().map(|(name, labels)| ((*name).to_owned(), pairs(labels))).collect())
}

const BY_LABEL: &str = r#"
    [[serve.enforce]]
    action = "warn"
    namespace-labels = "env!=prod"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn labels_of_namespaces_decide() {
    let namespaces = labels(&[("shop", &[("env", "prod")]), ("play", &[("env", "dev")])]);
    let server = Server::start(Options { config: BY_LABEL.to_owned(), namespaces, ..Options::default() }).await.unwrap();
    assert_eq!(action(&server, |_| {}).await, Some("deny".to_owned()));
    assert_eq!(action(&server, |request| request["namespace"] = json!("play")).await, Some("warn".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_are_not_known_are_a_failure() {
    for (policy, allowed) in [("fail", false), ("ignore", true)] {
        let config = format!("[serve]\nfailure-policy = \"{policy}\"\n{BY_LABEL}");
        let server = Server::start(Options { config, ..Options::default() }).await.unwrap();
        let response = server.client().validate(&create(&privileged_pod("web"))).await;
        assert_eq!(response["allowed"], allowed, "{response:#}");
        assert!(response["auditAnnotations"]["not-judged"].as_str().unwrap().contains("labels of namespaces"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exemptions_waive_with_a_reason_until_they_end() {
    let exemption = |until: &str| {
        format!(
            "[[serve.exemption]]\nrules = [\"kubernetes/privileged\", \"kubernetes/privilege-escalation-allowed\"]\nnamespaces = [\"shop\"]\nreason = \"the node agent\"\nowner = \"platform\"\nuntil = {until}\n"
        )
    };
    let server = Server::with(&exemption("2999-12-31")).await;
    let response = server.client().validate(&create(&privileged_pod("web"))).await;
    assert_eq!(response["allowed"], true, "{response:#}");
    let waived: Vec<Value> = serde_json::from_str(response["auditAnnotations"]["waived"].as_str().unwrap()).unwrap();
    let one = waived.iter().find(|one| one["rule"] == "kubernetes/privileged").unwrap();
    assert_eq!(
        (&one["waiver"]["by"], &one["waiver"]["reason"], &one["waiver"]["owner"]),
        (&json!("exemption"), &json!("the node agent"), &json!("platform"))
    );
    let expired = Server::with(&exemption("2020-01-01")).await;
    assert_eq!(action(&expired, |_| {}).await, Some("deny".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn waivers_of_the_configuration_hold_here_too() {
    let config = "[[waiver]]\nrules = [\"kubernetes/privileged\", \"kubernetes/privilege-escalation-allowed\"]\nresource = \"Pod/shop/web\"\nreason = \"needed\"\n";
    let server = Server::with(config).await;
    assert_eq!(action(&server, |_| {}).await, None);
    let paths = "[[waiver]]\nrules = [\"ALL\"]\npaths = [\"**\"]\nreason = \"of files\"\n";
    let server = Server::with(paths).await;
    assert_eq!(action(&server, |_| {}).await, Some("deny".to_owned()), "what covers files covers nothing in a cluster");
}

#[tokio::test(flavor = "multi_thread")]
async fn annotations_of_objects_count_only_where_the_operator_says_so() {
    let annotated = |request: &mut Value| {
        request["object"]["metadata"]["annotations"] =
            json!({"plimsoll.dev/ignore": "ignore[kubernetes/privileged, kubernetes/privilege-escalation-allowed] owner=me -- because"});
    };
    assert_eq!(action(&Server::with("").await, annotated).await, Some("deny".to_owned()));
    assert_eq!(action(&Server::with("[serve]\nannotation-waivers = true").await, annotated).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_may_have_subresources_judged() {
    let server =
        Server::with("[[serve.enforce]]\naction = \"deny\"\nrules = [\"kubernetes/privileged\"]\nsubresources = [\"status\"]").await;
    assert_eq!(action(&server, |request| request["subResource"] = json!("status")).await, Some("deny".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_mean_nothing_are_refused_at_the_start() {
    for (config, told) in [
        ("[[serve.enforce]]\nrules = [\"kubernetes/priviledged\"]\naction = \"warn\"", "did you mean `kubernetes/privileged`"),
        ("[[serve.enforce]]\naction = \"warn\"\nlabels = \"a b\"", "no name of a label"),
        ("[serve]\nfailure-policy = \"open\"", "`serve.failure-policy` must be fail, ignore, not `open`"),
    ] {
        let error = Server::start(Options { config: config.to_owned(), ..Options::default() }).await.err().unwrap_or_default();
        assert!(error.contains(told), "{config}: {error}");
    }
}
