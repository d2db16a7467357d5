//! The binary, started with nothing but a configuration and variables.

use crate::client::Client;
use plimsoll_cluster::Authority;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// Time after which something that should come counts as not coming. Far above what it takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Serve {
    child: Child,
    address: SocketAddr,
    /// The plain port.
    pub(crate) ops: SocketAddr,
    authority: Authority,
    folder: tempfile::TempDir,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Serve {
    /// Starts it and waits until it is ready.
    pub(crate) fn start(config: &str, variables: &[(&str, &str)]) -> Self {
        Self::start_with(config, &[], variables)
    }

    /// The same, with further files beside the configuration.
    pub(crate) fn start_with(config: &str, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let authority = Authority::make(SystemTime::now()).unwrap();
        let material = authority.sign(&["localhost".to_owned()], SystemTime::now(), Duration::from_hours(24)).unwrap();
        std::fs::write(at("tls.crt"), material.certificate).unwrap();
        std::fs::write(at("tls.key"), material.key).unwrap();
        std::fs::write(at("plimsoll.toml"), config).unwrap();
        for (name, text) in files {
            std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            std::fs::write(at(name), text).unwrap();
        }
        let (address, ops) = (free_address(), free_address());
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLIMSOLL_")) {
            command.env_remove(name);
        }
        command
            .arg("serve")
            .env("PLIMSOLL_SERVE_LISTEN", address.to_string())
            .env("PLIMSOLL_SERVE_OPS_LISTEN", ops.to_string())
            .env("PLIMSOLL_SERVE_TLS_CERT", at("tls.crt"))
            .env("PLIMSOLL_SERVE_TLS_KEY", at("tls.key"))
            .env("PLIMSOLL_SERVE_NO_CLUSTER", "yes")
            .env("PLIMSOLL_CONFIG", at("plimsoll.toml"))
            .env("PLIMSOLL_CACHE", at("cache"))
            .envs(variables.iter().copied())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(File::create(at("stdout")).unwrap())
            .stderr(File::create(at("stderr")).unwrap());
        let mut serve = Self { child: command.spawn().unwrap(), address, ops, authority, folder };
        let start = Instant::now();
        while !serve.is_ready() {
            let ended = serve.child.try_wait().unwrap();
            assert!(ended.is_none() && start.elapsed() < PATIENCE, "it is not ready: {ended:?}\n{}", serve.read("stderr"));
            std::thread::sleep(Duration::from_millis(10));
        }
        serve
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address, &self.authority.certificate, None, true)
    }

    /// Tells it to end, as a kubelet does, and waits.
    pub(crate) fn end(mut self) -> End {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.read("stderr"));
            std::thread::sleep(Duration::from_millis(10));
        };
        End { ok: status.success(), stdout: self.read("stdout"), stderr: self.read("stderr") }
    }

    /// Writes a file beside the configuration.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.ops) else { return false };
        let mut answer = String::new();
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
