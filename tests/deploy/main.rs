//! What we ask people to run in their clusters passes our own rules, none of them waived.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed unwrap is a failed test, and skipping is said aloud")]

#[path = "../harness/mod.rs"]
mod harness;
mod rendered;
#[path = "../harness/tool.rs"]
mod tool;

use harness::{Folder, Run, run_in};
use rendered::{KUBERNETES, chart, comparable, objects, output};
use std::path::Path;
use tool::tool;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn passes(run: &Run, judged: u64) {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0), "{report:#}");
    assert_eq!(report["waived"].as_array().map(Vec::len), Some(0), "{report:#}");
    assert!(report["summary"]["judged"].as_u64().unwrap() >= judged, "{report:#}");
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn manifests_and_image_pass_our_own_rules() {
    let args = [
        "check",
        "--isolated",
        "--no-waivers",
        "--format",
        "json",
        "--select",
        "profile:strict",
        "--ignore",
        "kubernetes/image-digest-missing,docker/base-image-no-digest",
    ];
    let strict = run_in(root(), &[&args[..], &["deploy/base", "deploy/Dockerfile"]].concat(), "");
    let report: serde_json::Value = serde_json::from_str(&strict.stdout).unwrap();
    eprintln!("strict: {:#}", report["findings"]);
    let run = run_in(root(), &["check", "--isolated", "--no-waivers", "--format", "json", "deploy/base", "deploy/Dockerfile"], "");
    passes(&run, 12);
}

#[test]
fn manifests_pass_as_the_webhook_would_judge_them() {
    let run = run_in(root(), &["check", "--isolated", "--no-waivers", "--format", "json", "--as-admission", "deploy/base"], "");
    passes(&run, 11);
}

/// What reaches a cluster is judged as it reaches it: as files, and as the webhook would.
fn rendered_passes(text: &str, judged: u64) {
    let folder = Folder::new(&[("rendered.yaml", text)]);
    passes(&folder.run(&["check", "--no-waivers", "--format", "json"]), judged);
    passes(&folder.run(&["check", "--no-waivers", "--format", "json", "--as-admission"]), judged);
}

#[test]
fn kustomize_base_passes_our_own_rules_as_kubectl_renders_it() {
    let Some(binaries) = tool("tests/cluster/binaries") else { return };
    rendered_passes(&output(&binaries.join("kubectl"), &["kustomize", "deploy/base"]), 14);
}

#[test]
fn chart_says_what_the_base_says_and_passes_our_own_rules() {
    let (Some(binaries), Some(helm)) = (tool("tests/cluster/binaries"), tool("tests/deploy/helm")) else { return };
    let rendered = chart(&helm, &[]);
    rendered_passes(&rendered, 13);
    let base = comparable(objects(&output(&binaries.join("kubectl"), &["kustomize", "deploy/base"])));
    let ours = comparable(objects(&rendered));
    assert_eq!(ours.keys().collect::<Vec<_>>(), base.keys().collect::<Vec<_>>());
    for (name, object) in &base {
        assert_eq!(&ours[name], object, "{name:?}");
    }
}

#[test]
fn values_of_the_chart_do_what_they_say() {
    let Some(helm) = tool("tests/deploy/helm") else { return };
    output(&helm, &["lint", "--strict", KUBERNETES, "deploy/helm/plimsoll"]);
    let rendered = chart(
        &helm,
        &[
            "--set=autoscaling.enabled=false,replicas=5,mutation.enabled=false,networkPolicy.enabled=false,failurePolicy=Fail",
            "--set=image.digest=sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "--set-json=tolerations=[{\"key\":\"critical\",\"operator\":\"Exists\"}]",
            "--set-json=excludedNamespaces=[\"kube-system\",\"istio-system\"]",
            "--set-json=nodeSelector={\"kubernetes.io/os\":\"linux\"}",
        ],
    );
    let all = objects(&rendered);
    let kinds: Vec<&str> = all.keys().map(|(kind, _)| kind.as_str()).collect();
    for left_out in ["HorizontalPodAutoscaler", "MutatingWebhookConfiguration", "NetworkPolicy"] {
        assert!(!kinds.contains(&left_out), "{kinds:?}");
    }
    let one = |kind: &str| &all[&(kind.to_owned(), "plimsoll".to_owned())];
    let pod = &one("Deployment")["spec"]["template"]["spec"];
    assert_eq!(one("Deployment")["spec"]["replicas"], 5);
    assert!(pod["containers"][0]["image"].as_str().unwrap().contains("@sha256:0000"), "{pod:#}");
    assert_eq!((&pod["tolerations"][0]["key"], &pod["nodeSelector"]["kubernetes.io/os"]), (&"critical".into(), &"linux".into()));
    assert_eq!(one("PodDisruptionBudget")["spec"]["minAvailable"], 4);
    let webhook = &one("ValidatingWebhookConfiguration")["webhooks"][0];
    assert_eq!(webhook["failurePolicy"], "Fail");
    assert_eq!(
        webhook["namespaceSelector"]["matchExpressions"][0]["values"],
        serde_json::json!(["kube-system", "istio-system", "plimsoll"])
    );

    let reached = chart(&helm, &["--set-json=networkPolicy.egress=[{\"ports\":[{\"port\":4318,\"protocol\":\"TCP\"}]}]"]);
    let policy = &objects(&reached)[&("NetworkPolicy".to_owned(), "plimsoll".to_owned())];
    assert_eq!(policy["spec"]["egress"].as_array().unwrap().last().unwrap()["ports"][0]["port"], 4318, "{policy:#}");
}
