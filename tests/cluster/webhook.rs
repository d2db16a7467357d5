//! Two processes of the webhook behind a balancer, registered as `deploy/` says.

use crate::balancer::Balancer;
use crate::control_plane::{ControlPlane, PATIENCE, Process, free_port};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// What the operator of this cluster has set.
const CONFIG: &str = r#"
[serve]
failure-policy = "fail"
unsafe-fixes = ["kubernetes/privilege-escalation-allowed"]

[[serve.enforce]]
action = "audit"
namespace-labels = "plimsoll=audit"
"#;

pub(crate) struct Webhook {
    folder: PathBuf,
    kubeconfig: PathBuf,
    balancer: Balancer,
    replicas: Mutex<Vec<Option<Replica>>>,
}

struct Replica {
    process: Process,
    address: SocketAddr,
    ops: SocketAddr,
}

impl Webhook {
    /// Registers the webhook and starts it.
    pub(crate) fn start(plane: &ControlPlane) -> Self {
        let folder = plane.folder.path().to_owned();
        let balancer = Balancer::start();
        fs::create_dir(folder.join("config")).unwrap();
        let webhook = Self { kubeconfig: folder.join("kubeconfig-plimsoll-plimsoll"), folder, balancer, replicas: Mutex::default() };
        webhook.set_config(CONFIG);
        webhook.register(plane);
        // With the permissions that `deploy/base` gives, and no others.
        assert_eq!(plane.kubeconfig_of("plimsoll", "plimsoll"), webhook.kubeconfig);
        webhook.start_again();
        webhook
    }

    /// Applies `deploy/base` with an overlay in which nothing but the way to the webhook is another, and what an operator is told to set.
    fn register(&self, plane: &ControlPlane) {
        let overlay = self.folder.join("overlay");
        fs::create_dir(&overlay).unwrap();
        // A base is named relative to its overlay.
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/base");
        let up = "../".repeat(overlay.canonicalize().unwrap().components().count() - 1);
        let base = format!("{up}{}", base.to_str().unwrap().trim_start_matches('/'));
        let patch = |kind: &str, path: &str| {
            format!(
                "  - target: {{kind: {kind}}}
    patch: |
      - {{op: remove, path: /webhooks/0/clientConfig/service}}
      - {{op: add, path: /webhooks/0/clientConfig/url, value: 'https://{}{path}'}}
      - {{op: replace, path: /webhooks/0/failurePolicy, value: Fail}}
",
                self.balancer.address
            )
        };
        let text = format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: ['{base}']
patches:
{}{}",
            patch("ValidatingWebhookConfiguration", "/validate"),
            patch("MutatingWebhookConfiguration", "/mutate")
        );
        fs::write(overlay.join("kustomization.yaml"), text).unwrap();
        plane.kubectl_ok(&["apply", "-k", overlay.to_str().unwrap()], "");
    }

    fn launch(&self, number: usize) -> Replica {
        let local = || SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (address, ops) = (local(), local());
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command
            .args(["serve", "--self-signed", "--namespace", "plimsoll", "--drain", "2s", "--client-names", crate::identity::NAME])
            .arg("--client-ca")
            .arg(self.folder.join("webhook-clients.crt"))
            .args(["--listen", &address.to_string(), "--ops-listen", &ops.to_string()])
            .arg("--config")
            .arg(self.folder.join("config/plimsoll.toml"))
            .env("KUBECONFIG", &self.kubeconfig)
            .env("PLIMSOLL_CACHE", self.folder.join("cache"))
            .current_dir(&self.folder);
        let process = Process::start(&mut command, &self.folder.join(format!("webhook-{number}.log")));
        let replica = Replica { process, address, ops };
        let start = Instant::now();
        while !replica.is_ready() {
            assert!(start.elapsed() < PATIENCE, "the webhook is not ready:\n{}", self.log(number));
            thread::sleep(Duration::from_millis(20));
        }
        replica
    }

    fn log(&self, number: usize) -> String {
        fs::read_to_string(self.folder.join(format!("webhook-{number}.log"))).unwrap_or_default()
    }

    /// Both processes anew.
    pub(crate) fn start_again(&self) {
        let started: Vec<Option<Replica>> = (0..2).map(|number| Some(self.launch(number))).collect();
        *self.replicas.lock().unwrap() = started;
        self.balance();
    }

    fn balance(&self) {
        let replicas = self.replicas.lock().unwrap();
        self.balancer.set(replicas.iter().flatten().filter(|replica| replica.is_ready()).map(|replica| replica.address).collect());
    }

    /// What a rolling update does to a pod: the next one is ready before the last one is told to end; that one is taken out of the Service
    /// and drains.
    pub(crate) fn restart(&self, number: usize) {
        let next = self.launch(number);
        let last = self.replicas.lock().unwrap()[number].replace(next).unwrap();
        self.balance();
        let mut process = last.process;
        assert!(Command::new("kill").args(["-TERM", &process.0.id().to_string()]).status().unwrap().success());
        let ended = process.0.wait().unwrap();
        assert!(ended.success(), "it ends well: {ended:?}\n{}", self.log(number));
    }

    /// kill -9 for both.
    pub(crate) fn kill(&self) {
        self.replicas.lock().unwrap().clear();
        self.balancer.set(vec![]);
    }

    /// Waits until both know the labels of namespaces.
    pub(crate) fn wait_for_labels(&self) {
        let start = Instant::now();
        while (0..2).any(|number| !self.log(number).contains("labels of namespaces are known")) {
            assert!(start.elapsed() < PATIENCE, "{}", self.log(0));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The configuration in force.
    pub(crate) fn config(&self) -> String {
        fs::read_to_string(self.folder.join("config/plimsoll.toml")).unwrap()
    }

    /// Swaps the configuration as a mounted `ConfigMap` is swapped.
    pub(crate) fn set_config(&self, text: &str) {
        let mount = self.folder.join("config");
        let version = format!("..{}", fs::read_dir(&mount).unwrap().count());
        fs::create_dir(mount.join(&version)).unwrap();
        fs::write(mount.join(&version).join("plimsoll.toml"), text).unwrap();
        symlink(&version, mount.join("..next")).unwrap();
        fs::rename(mount.join("..next"), mount.join("..data")).unwrap();
        if !mount.join("plimsoll.toml").exists() {
            symlink("..data/plimsoll.toml", mount.join("plimsoll.toml")).unwrap();
        }
    }

    /// Has the certificate made anew: who finds none in the secret makes one. Waits until both serve it.
    pub(crate) fn renew_certificate(&self, plane: &ControlPlane) {
        let patch = r#"[{"op":"replace","path":"/data/tls.crt","value":""}]"#;
        let before: Vec<usize> = (0..2).map(|number| self.taken_over(number)).collect();
        plane.kubectl_ok(&["patch", "secret", "-n", "plimsoll", "plimsoll-tls", "--type=json", "-p", patch], "");
        let start = Instant::now();
        while (0..2).any(|number| self.taken_over(number) <= before[number]) {
            assert!(start.elapsed() < PATIENCE, "the new certificate is not served:\n{}", self.log(0));
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn taken_over(&self, number: usize) -> usize {
        self.log(number).matches("the certificate was taken over").count()
    }
}

impl Replica {
    fn is_ready(&self) -> bool {
        use std::io::{Read, Write};
        let Ok(mut stream) = std::net::TcpStream::connect(self.ops) else { return false };
        let mut answer = String::new();
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}
