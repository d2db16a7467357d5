//! A server of a test's own.

use crate::client::{Client, get};
use plimsoll_cluster::Authority;
use plimsoll_config::{Layer, Origin};
use plimsoll_engine::Engine;
use plimsoll_source::ConfigLookup;
use plimsoll_webhook::{NamespaceLabels, PolicySource, Running, Settings, start};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) authority: Authority,
}

/// What a test wants to be different.
pub(crate) struct Options {
    pub(crate) config: String,
    pub(crate) namespaces: NamespaceLabels,
    pub(crate) settings: fn(&mut Settings),
    pub(crate) plugins: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { config: String::new(), namespaces: NamespaceLabels::None, settings: |_| {}, plugins: vec![] }
    }
}

impl Server {
    /// A server with this `plimsoll.toml`.
    pub(crate) async fn with(config: &str) -> Self {
        Self::start(Options { config: config.to_owned(), ..Options::default() }).await.unwrap()
    }

    pub(crate) async fn start(options: Options) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plimsoll.toml"), &options.config).unwrap();
        let authority = Authority::make(SystemTime::now()).unwrap();
        Self::write_certificate(folder.path(), &authority);
        let layer = Layer {
            origin: Origin::CommandLine,
            plugins: options
                .plugins
                .iter()
                .map(|path| plimsoll_config::PluginSetting { origin: Origin::CommandLine, path: path.clone(), sha256: None, name: None })
                .collect(),
            serve: plimsoll_config::Serve {
                listen: Some("127.0.0.1:0".to_owned()),
                ops_listen: Some("127.0.0.1:0".to_owned()),
                tls_cert: Some("tls.crt".into()),
                tls_key: Some("tls.key".into()),
                namespace: Some("plimsoll".to_owned()),
                drain: Some(Duration::from_millis(50)),
                ..plimsoll_config::Serve::default()
            },
            ..Layer::default()
        };
        let cwd = folder.path().canonicalize().unwrap();
        let source = PolicySource { lookup: ConfigLookup::Fixed(cwd.join("plimsoll.toml")), cwd, layer };
        let mut settings = Settings::new(&source.config().serve(), &source.folder())?;
        settings.poll = Duration::from_millis(50);
        (options.settings)(&mut settings);
        let engine = Engine::serving(None, 8).map_err(|error| error.to_string())?;
        let running = start(settings, source, engine, options.namespaces).await.map_err(|error| error.to_string())?;
        Ok(Self { running, folder, authority })
    }

    pub(crate) fn write_certificate(folder: &std::path::Path, authority: &Authority) {
        let material = authority.sign(&["localhost".to_owned()], SystemTime::now(), Duration::from_hours(24)).unwrap();
        std::fs::write(folder.join("tls.key"), material.key).unwrap();
        std::fs::write(folder.join("tls.crt"), material.certificate).unwrap();
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.running.address, &self.authority.certificate, None, true)
    }

    pub(crate) fn http1(&self) -> Client {
        Client::new(self.running.address, &self.authority.certificate, None, false)
    }

    /// The figures, once a line holds this.
    pub(crate) async fn metric(&self, line: &str) -> String {
        let start = Instant::now();
        loop {
            let text = get(self.running.ops_address, "/metrics").await.text();
            if text.lines().any(|found| found.starts_with(line)) {
                return text;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "no `{line}` in\n{text}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
