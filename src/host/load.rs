//! The host: one engine, what plugins may reach, and how they get in.

use crate::failure::Failure;
use crate::instance::State;
use crate::plugin::{ConfigureError, Plugin, said};
use crate::ticker::Ticker;
use crate::{Embedded, Manifest, abi, cache, cache::Cache, code, inspect, limits};
use plimsoll_artefact::{TARGET, compatibility, engine_config};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig};

/// How to run plugins.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Directory for compiled third-party plugins; `None` compiles them at every start.
    pub cache: Option<PathBuf>,
    /// Instances that may exist at once, taken from a pool: cheaper fresh instances for a webhook or for third-party plugins, for 0.1 ms
    /// more at start and address space (not memory) of 4 GiB each. `None`: every instance has its own mapping.
    pub pool: Option<u32>,
    /// Whether every unit is judged by an instance of its own, so that nothing of one request can reach another: for a webhook. Else
    /// built-in plugins' instances are reused.
    pub fresh: bool,
}

/// Runs plugins. One per process: it holds the engine.
pub struct Host {
    shared: Arc<Shared>,
    cache: Option<Cache>,
}

/// What plugins share.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) ticker: Ticker,
    pub(crate) fresh: bool,
    warnings: Mutex<Vec<String>>,
}

impl Shared {
    pub(crate) fn warn(&self, warning: String) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// Why a third party's plugin was not loaded: a lowercase fragment that fits "failed to load plugin X: …".
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The engine cannot be had on this machine.
    #[error("cannot start the plugin engine: {0}")]
    Engine(String),
    /// The bytes are not those the configuration asks for.
    #[error("its sha256 is {found}, the configuration says {expected}")]
    Digest {
        /// As configured.
        expected: String,
        /// As computed.
        found: String,
    },
    /// It is compiled native code.
    #[error("it is native code (.cwasm), which would run outside the sandbox; give the .wasm component it was made from")]
    NativeCode,
    /// It is a core module.
    #[error("it is a core WebAssembly module, not a component; build it with `plimsoll plugin build`")]
    CoreModule,
    /// It is something else.
    #[error("it is not a WebAssembly component")]
    NotAComponent,
    /// It is damaged, or uses what this engine does not have.
    #[error("it is not a valid component: {0}")]
    Invalid(String),
    /// It wants more than it may have.
    #[error(
        "it imports {name}, and a plugin may import nothing but plimsoll:rules/voice#note; build it for wasm32-unknown-unknown, without WASI"
    )]
    Import {
        /// The import.
        name: String,
    },
    /// It speaks another version of the interface, or none.
    #[error("{}", version_message(found, supported))]
    Version {
        /// Versions of the checker it exports.
        found: Vec<String>,
        /// Versions this host runs.
        supported: &'static [&'static str],
    },
    /// Its functions do not have the types of the interface.
    #[error("it does not fit the plugin interface: {0}")]
    Interface(String),
    /// It cannot say what it is.
    #[error("it failed to describe itself: {0}")]
    Describe(String),
    /// Its name or a rule's cannot be used.
    #[error("{0}")]
    Name(String),
}

fn version_message(found: &[String], supported: &[&str]) -> String {
    let supported = supported.join(", ");
    if found.is_empty() {
        return format!("it does not export {}; this program runs version {supported} of it", abi::CHECKER);
    }
    format!("it exports version {} of {}, this program runs {supported}", found.join(", "), abi::CHECKER)
}

impl Host {
    /// Starts the engine.
    ///
    /// # Errors
    /// When this machine has no native code backend, or gives no address space.
    pub fn new(options: &Options) -> Result<Self, LoadError> {
        let fail = |error: &dyn std::fmt::Display| LoadError::Engine(error.to_string());
        let mut warnings = vec![];
        let config = |pool: Option<u32>| {
            let mut config = engine_config(TARGET).map_err(|error| fail(&error))?;
            code::allow_in_place(&mut config);
            // Whoever compiles here may hold a lock. Cranelift's own threads are rayon's, and one of those that waits for another takes up
            // any work there is: the next project, which then waits for that lock for good.
            config.parallel_compilation(false);
            if let Some(instances) = pool {
                pooled(&mut config, instances);
            }
            Ok::<_, LoadError>(config)
        };
        let engine = match options.pool {
            // A pool reserves address space, which a container or `ulimit -v` may refuse; the same code runs without one.
            Some(instances) => Engine::new(&config(Some(instances))?).or_else(|error| {
                warnings.push(format!("plugins run without an instance pool: {error:#}"));
                Engine::new(&config(None).map_err(wasmtime::Error::new)?)
            }),
            None => Engine::new(&config(None)?),
        };
        let engine = engine.map_err(|error| fail(&error))?;
        let linker = abi::v1::linker(&engine).map_err(|error| fail(&error))?;
        let cache = options.cache.as_deref().map(|dir| Cache::open(dir, compatibility(&engine)));
        let cache = cache.and_then(|opened| opened.map_err(|why| warnings.push(format!("compiled plugins are not kept: {why}"))).ok());
        let ticker = Ticker::new(&engine);
        Ok(Self { shared: Arc::new(Shared { engine, linker, ticker, fresh: options.fresh, warnings: Mutex::new(warnings) }), cache })
    }

    /// A plugin that is part of this program. Costs nothing until it is used.
    pub fn load_builtin(&self, embedded: &'static Embedded) -> Plugin {
        Plugin::builtin(embedded)
    }

    /// A third party's plugin: `bytes` are the component, `path` where they are from, `sha256` what the configuration says of them.
    ///
    /// Compiled once per machine when there is a cache. Nothing of it runs before its imports were checked.
    pub fn load_third_party(&self, path: &Path, bytes: &[u8], sha256: Option<&str>) -> Result<Plugin, LoadError> {
        let digest = cache::digest(bytes);
        if let Some(expected) = sha256
            && !expected.eq_ignore_ascii_case(&digest)
        {
            return Err(LoadError::Digest { expected: expected.to_owned(), found: digest });
        }
        inspect::bytes(bytes)?;
        let component = self.compile(path, bytes, &digest)?;
        inspect::interface(&self.shared.engine, &component)?;
        let empty = Manifest { name: "".into(), version: "".into(), rules: [].as_slice().into(), keys: [].as_slice().into() };
        let plugin = Plugin::third_party(component.clone(), digest.clone(), empty);
        let failed = |failure: Failure| LoadError::Describe(format!("it {}", failure.message));
        let mut instance = plugin.fresh(&self.shared, None).map_err(|failure| match failure.kind {
            crate::FailureKind::Load => LoadError::Interface(failure.message),
            _ => failed(failure),
        })?;
        let manifest = instance.describe(&self.shared, b"{}").map_err(|error| match error {
            ConfigureError::Failed(failure) => failed(failure),
            ConfigureError::Problems(problems) => LoadError::Describe(said(&problems)),
        })?;
        names(&manifest)?;
        Ok(Plugin::third_party(component, digest, manifest))
    }

    /// Warnings since the last time this was asked: a cache that cannot be used, native code that was refused.
    pub fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn compile(&self, path: &Path, bytes: &[u8], digest: &str) -> Result<Component, LoadError> {
        let engine = &self.shared.engine;
        let invalid = |error: wasmtime::Error| LoadError::Invalid(format!("{error:#}"));
        let Some(cache) = &self.cache else { return Component::new(engine, bytes).map_err(invalid) };
        let file = cache.file(digest);
        if file.exists() {
            match code::cached(engine, &file) {
                Ok(component) => return Ok(component),
                Err(error) => self.shared.warn(format!("{} is compiled anew: {error:#}", path.display())),
            }
        }
        let component = Component::new(engine, bytes).map_err(invalid)?;
        if let Err(error) = component
            .serialize()
            .map_err(|error| error.to_string())
            .and_then(|native| cache.store(digest, &native).map_err(|error| error.to_string()))
        {
            self.shared.warn(format!("{} will be compiled again at the next start: {error}", path.display()));
        }
        Ok(component)
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("cache", &self.cache).finish_non_exhaustive()
    }
}

fn pooled(config: &mut Config, instances: u32) {
    let parts = limits::PARTS as u32;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances);
    pool.total_core_instances(instances.saturating_mul(4));
    pool.total_memories(instances);
    pool.total_tables(instances.saturating_mul(4));
    pool.max_core_instances_per_component(parts);
    pool.max_tables_per_component(parts);
    pool.table_elements(limits::TABLE_ELEMENTS);
    pool.max_memory_size(limits::MEMORY_LIMIT);
    // Pages that an instance leaves behind are cleared rather than given back to the system, but only those it wrote, which takes a kernel
    // that can tell; a plain clearing of 1 MiB would cost more than it saves.
    pool.linear_memory_keep_resident(if PoolingAllocationConfig::is_pagemap_scan_available() { 1 << 20 } else { 64 << 10 });
    // Of tables likewise: giving them back with every instance is a system call each, and interrupts the other cores.
    pool.table_keep_resident(limits::TABLE_ELEMENTS * size_of::<usize>());
    pool.pagemap_scan(Enabled::Auto);
    config.allocation_strategy(pool);
}

/// Names a third party's plugin may not take.
const RESERVED: &[&str] = &["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll", "waiver", "all", "profile", "control"];

/// Names end up in reports, selectors and comments: they are plain words, and ours are taken.
fn names(manifest: &Manifest) -> Result<(), LoadError> {
    let plain = |name: &str| {
        name.len() <= 64
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if !plain(&manifest.name) {
        return Err(LoadError::Name(format!("its name {:?} is not made of a-z, 0-9 and -", manifest.name)));
    }
    if RESERVED.contains(&&*manifest.name) {
        return Err(LoadError::Name(format!("its name {} is reserved", manifest.name)));
    }
    let mut seen = std::collections::BTreeSet::new();
    for rule in manifest.rules.iter() {
        if !plain(&rule.id) {
            return Err(LoadError::Name(format!("its rule {:?} is not named with a-z, 0-9 and -", rule.id)));
        }
        if !seen.insert(&rule.id) {
            return Err(LoadError::Name(format!("it has two rules named {}", rule.id)));
        }
    }
    Ok(())
}
