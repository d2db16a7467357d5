//! etcd, kube-apiserver and kubectl.

use crate::identity::Identity;
use crate::tool::tool;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const TOKEN: &str = "cluster-test";
/// Time after which something that should come counts as not coming. Far above what it takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// A process that ends with its owner.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    /// Starts a command whose output goes to a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        Self(command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A control plane of the test's own.
pub(crate) struct ControlPlane {
    pub(crate) folder: tempfile::TempDir,
    bin: PathBuf,
    pub(crate) kubeconfig: PathBuf,
    _processes: Vec<Process>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl ControlPlane {
    /// Starts one and waits until it is ready.
    pub(crate) fn start() -> Option<Self> {
        let bin = tool("tests/cluster/binaries")?;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (etcd, peer, api) = (free_port(), free_port(), free_port());
        let (etcd, peer) = (format!("http://127.0.0.1:{etcd}"), format!("http://127.0.0.1:{peer}"));
        let store = Process::start(
            Command::new(bin.join("etcd"))
                .arg("--data-dir")
                .arg(at("etcd"))
                .args(["--listen-client-urls", &etcd, "--advertise-client-urls", &etcd])
                .args([
                    "--listen-peer-urls",
                    &peer,
                    "--initial-advertise-peer-urls",
                    &peer,
                    "--initial-cluster",
                    &format!("default={peer}"),
                ])
                .arg("--unsafe-no-fsync"),
            &at("etcd.log"),
        );
        let key = rcgen::KeyPair::generate().unwrap();
        fs::write(at("accounts.key"), key.serialize_pem()).unwrap();
        fs::write(at("accounts.pub"), key.public_key_pem()).unwrap();
        fs::write(at("tokens.csv"), format!("{TOKEN},admin,1,\"system:masters\"\n")).unwrap();
        let path = |name: &str| at(name).to_str().unwrap().to_owned();
        let identity = Identity::make();
        identity.write(folder.path());
        let server = Process::start(
            Command::new(bin.join("kube-apiserver"))
                .args(["--etcd-servers", &etcd, "--secure-port", &api.to_string(), "--bind-address", "127.0.0.1"])
                .args(["--cert-dir", &path("certificates"), "--token-auth-file", &path("tokens.csv"), "--authorization-mode", "RBAC"])
                .args(["--service-account-issuer", "https://cluster.test", "--service-account-key-file", &path("accounts.pub")])
                .args(["--service-account-signing-key-file", &path("accounts.key"), "--service-cluster-ip-range", "10.0.0.0/24"])
                // It shows the webhook who it is.
                .args(["--admission-control-config-file", &path("admission.yaml")])
                // The account's own controller does not run here.
                .args(["--disable-admission-plugins", "ServiceAccount", "--allow-privileged=true"]),
            &at("kube-apiserver.log"),
        );
        let kubeconfig = at("kubeconfig");
        fs::write(&kubeconfig, config(api)).unwrap();
        let plane = Self { bin, kubeconfig, _processes: vec![server, store], folder };
        let start = Instant::now();
        while !plane.kubectl(&["get", "--raw", "/readyz"], "").ok {
            assert!(start.elapsed() < PATIENCE, "the API server does not come up:\n{}", plane.log("kube-apiserver.log"));
            thread::sleep(Duration::from_millis(100));
        }
        Some(plane)
    }

    /// A kubeconfig for what a service account may do, and nothing else.
    pub(crate) fn kubeconfig_of(&self, namespace: &str, account: &str) -> PathBuf {
        let token = self.kubectl_ok(&["create", "token", "-n", namespace, account], "");
        let path = self.folder.path().join(format!("kubeconfig-{namespace}-{account}"));
        let admin = fs::read_to_string(&self.kubeconfig).unwrap();
        fs::write(&path, admin.replace(TOKEN, token.trim())).unwrap();
        path
    }

    /// The end of a log.
    pub(crate) fn log(&self, name: &str) -> String {
        let text = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(40).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Runs kubectl.
    pub(crate) fn kubectl(&self, args: &[&str], stdin: &str) -> Run {
        run(Command::new(self.bin.join("kubectl")).args(args).env("KUBECONFIG", &self.kubeconfig).env("HOME", self.folder.path()), stdin)
    }

    /// Runs kubectl, which must succeed; gives its output.
    pub(crate) fn kubectl_ok(&self, args: &[&str], stdin: &str) -> String {
        let run = self.kubectl(args, stdin);
        assert!(run.ok, "kubectl {args:?}: {run:?}");
        run.stdout
    }

    /// Runs the binary under test.
    pub(crate) fn plimsoll(&self, args: &[&str]) -> Run {
        run(Command::new(env!("CARGO_BIN_EXE_plimsoll")).args(args).env("KUBECONFIG", &self.kubeconfig).current_dir(self.folder.path()), "")
    }

    /// Starts to create objects, one after the other, by several clients of `kube`.
    pub(crate) fn load(&self, name: &str) -> Load {
        Load::start(&self.kubeconfig, name)
    }
}

fn config(port: u16) -> String {
    format!(
        "apiVersion: v1
kind: Config
current-context: test
clusters: [{{name: test, cluster: {{server: 'https://127.0.0.1:{port}', insecure-skip-tls-verify: true}}}}]
users: [{{name: test, user: {{token: {TOKEN}}}}}]
contexts: [{{name: test, context: {{cluster: test, user: test}}}}]
"
    )
}

fn run(command: &mut Command, stdin: &str) -> Run {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { ok: output.status.success(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Clients that create good and bad pods for as long as they are let.
pub(crate) struct Load {
    done: Arc<AtomicUsize>,
    end: Arc<AtomicBool>,
    wrong: Arc<Mutex<Vec<String>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(kubeconfig: &Path, name: &str) -> Self {
        let load = Self { done: Arc::default(), end: Arc::default(), wrong: Arc::default(), threads: vec![] };
        let threads = (0..3).map(|client| {
            let (done, end, wrong) = (load.done.clone(), load.end.clone(), load.wrong.clone());
            let (kubeconfig, name) = (kubeconfig.to_owned(), format!("{name}-{client}"));
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(create(&kubeconfig, &name, &done, &end, &wrong));
            })
        });
        let threads = threads.collect();
        Self { threads, ..load }
    }

    /// Waits until so many more requests are done.
    pub(crate) fn wait_for(&self, more: usize) {
        let (start, before) = (Instant::now(), self.done.load(Ordering::Relaxed));
        while self.done.load(Ordering::Relaxed) < before + more {
            assert!(start.elapsed() < PATIENCE, "requests are not answered: {:?}", self.wrong.lock().unwrap());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends, and gives what went wrong.
    pub(crate) fn end(self) -> Vec<String> {
        self.end.store(true, Ordering::Release);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.wrong.lock().unwrap().clone()
    }
}

async fn create(kubeconfig: &Path, name: &str, done: &AtomicUsize, end: &AtomicBool, wrong: &Mutex<Vec<String>>) {
    use k8s_openapi::api::core::v1::Pod;
    use kube::api::PostParams;
    let text = kube::config::Kubeconfig::read_from(kubeconfig).unwrap();
    let config = kube::Config::from_custom_kubeconfig(text, &kube::config::KubeConfigOptions::default()).await.unwrap();
    let api: kube::Api<Pod> = kube::Api::namespaced(kube::Client::try_from(config).unwrap(), "shop");
    let dry = PostParams { dry_run: true, ..PostParams::default() };
    let mut number = 0;
    while !end.load(Ordering::Acquire) {
        number += 1;
        let name = format!("{name}-{number}");
        let good = number % 2 == 0;
        let text = if good { crate::objects::good_pod(&name, "shop") } else { crate::objects::bad_pod(&name, "shop") };
        let pod: Pod = serde_yaml::from_str(&text).unwrap();
        match (api.create(&dry, &pod).await, good) {
            (Ok(_), true) => {}
            (Err(kube::Error::Api(status)), false) if status.message.contains("is refused for") => {}
            (answer, _) => wrong.lock().unwrap().push(format!("{name}: {answer:?}")),
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}
