//! The Helm chart in a cluster, under a name of its own beside the webhook that is there already.

use crate::control_plane::{ControlPlane, PATIENCE, Process, Run, free_port};
use crate::tool::tool;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Installs the chart as an administrator does, runs the binary with the arguments and the service account of the chart's own Deployment,
/// changes a value, and takes it away again.
pub(crate) fn installs_runs_and_leaves_nothing(plane: &ControlPlane) {
    let Some(helm) = tool("tests/deploy/helm") else { return };
    let chart = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/helm/plimsoll");
    let chart = chart.to_str().unwrap();
    let run = |args: &[&str]| -> Run {
        let output = Command::new(&helm)
            .args(args)
            .args(["--namespace", "guards"])
            .env("KUBECONFIG", &plane.kubeconfig)
            .env("HOME", plane.folder.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run { ok: output.status.success(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    };
    let installed = run(&["install", "guard", chart, "--create-namespace"]);
    assert!(installed.ok, "{installed:?}");
    assert!(!installed.stderr.contains("Warning: kubernetes/"), "our own webhook has nothing against it: {installed:?}");

    let text =
        plane.kubectl_ok(&["get", "deployment", "-n", "guards", "guard", "-o", "jsonpath={.spec.template.spec.containers[0].args}"], "");
    let args: Vec<String> = serde_json::from_str(&text).unwrap();
    let (folder, ops) = (plane.folder.path().join("guard"), free_port());
    std::fs::create_dir(&folder).unwrap();
    let config = plane.kubectl_ok(&["get", "configmap", "-n", "guards", "guard", "-o", "jsonpath={.data.plimsoll\\.toml}"], "");
    std::fs::write(folder.join("plimsoll.toml"), config).unwrap();
    // What a machine of ours has elsewhere than a pod: ports, and where the ConfigMap is mounted.
    let args = args.iter().map(|arg| match arg.split_once('=') {
        Some(("--config", _)) => format!("--config={}", folder.join("plimsoll.toml").display()),
        Some(("--listen", _)) => "--listen=127.0.0.1:0".to_owned(),
        Some(("--ops-listen", _)) => format!("--ops-listen=127.0.0.1:{ops}"),
        _ => arg.clone(),
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).env("KUBECONFIG", plane.kubeconfig_of("guards", "guard")).env("POD_NAMESPACE", "guards");
    let process = Process::start(command.env("PLIMSOLL_CACHE", folder.join("cache")).current_dir(&folder), &folder.join("log"));
    for kind in ["validatingwebhookconfiguration", "mutatingwebhookconfiguration"] {
        let start = Instant::now();
        while plane.kubectl_ok(&["get", kind, "guard", "-o", "jsonpath={.webhooks[0].clientConfig.caBundle}"], "").is_empty() {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(start.elapsed() < PATIENCE, "the chart's webhook does not write what it is trusted by:\n{log}");
            thread::sleep(Duration::from_millis(50));
        }
    }
    drop(process);

    let upgraded = run(&["upgrade", "guard", chart, "--set", "failurePolicy=Fail,mutation.enabled=false"]);
    assert!(upgraded.ok, "{upgraded:?}");
    let policy = plane.kubectl_ok(&["get", "validatingwebhookconfiguration", "guard", "-o", "jsonpath={.webhooks[0].failurePolicy}"], "");
    assert_eq!(policy, "Fail");
    let removed = run(&["uninstall", "guard"]);
    assert!(removed.ok, "{removed:?}");
    for kind in ["validatingwebhookconfiguration", "mutatingwebhookconfiguration", "clusterrole", "clusterrolebinding"] {
        assert!(!plane.kubectl(&["get", kind, "guard"], "").ok, "{kind} is left");
    }
}
