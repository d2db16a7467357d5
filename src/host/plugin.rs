//! A loaded plugin, and how its instances are made and kept.

use crate::abi::v1::{Exports, Functions};
use crate::failure::{Failure, FailureKind};
use crate::instance::State;
use crate::load::{Host, Shared};
use crate::{Embedded, Manifest, Problem, code, limits};
use plimsoll_document::{KeyTable, schema};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use wasmtime::Store;
use wasmtime::component::{Component, InstancePre};

/// A plugin of this run, with the run's settings.
///
/// A built-in's code is touched only when it is first asked to judge or to describe itself: a run over one Dockerfile never loads the
/// Terraform plugin.
pub struct Plugin {
    manifest: Cow<'static, Manifest>,
    code: Code,
    /// What a new instance is told first; `None` while the defaults hold that it was built with.
    settings: Option<Settings>,
    ready: OnceLock<Result<Ready, Failure>>,
    idle: Mutex<Vec<Instance>>,
    /// Rules that failed before. Asked alone from then on, which changes nothing but the time it takes.
    suspects: Mutex<BTreeSet<u32>>,
}

enum Code {
    Builtin(&'static Embedded),
    /// With the sha256 of what it was compiled from.
    ThirdParty(Component, String),
}

struct Settings {
    json: Vec<u8>,
    symbols: Vec<u32>,
}

struct Ready {
    pre: InstancePre<State>,
    exports: Exports,
}

/// One instance and its functions.
pub(crate) struct Instance {
    pub(crate) store: Store<State>,
    pub(crate) functions: Functions,
    units: u32,
}

/// Why settings were not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConfigureError {
    /// The plugin finds fault with them.
    Problems(Vec<Problem>),
    /// The plugin failed.
    Failed(Failure),
}

impl Plugin {
    pub(crate) fn builtin(embedded: &'static Embedded) -> Self {
        Self::new(Cow::Borrowed(&embedded.manifest), Code::Builtin(embedded))
    }

    pub(crate) fn third_party(component: Component, digest: String, manifest: Manifest) -> Self {
        Self::new(Cow::Owned(manifest), Code::ThirdParty(component, digest))
    }

    fn new(manifest: Cow<'static, Manifest>, code: Code) -> Self {
        Self { manifest, code, settings: None, ready: OnceLock::new(), idle: Mutex::default(), suspects: Mutex::default() }
    }

    /// Its rules, and what else it says of itself. For the policy plugin, after [`Plugin::configure`] with the users' rules in the settings.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The sha256 of a third party's component; `None` for a plugin that is part of this program.
    pub fn digest(&self) -> Option<&str> {
        match &self.code {
            Code::Builtin(_) => None,
            Code::ThirdParty(_, digest) => Some(digest),
        }
    }

    /// Whether it is part of the program. Third parties' rules have ids below their name, and their fixes are shown only.
    pub const fn is_builtin(&self) -> bool {
        matches!(self.code, Code::Builtin(_))
    }

    /// Takes the run's options (JSON; empty for none) and gives the plugin's keys their symbols, which adds new ones to `keys`. Before the
    /// first document is written and the first unit judged.
    ///
    /// A built-in that has no options and wants no key beyond the schema is left as it was built, which costs nothing. Any other is run
    /// once, here, so that problems show before the first unit.
    pub fn configure(&mut self, host: &Host, settings: &[u8], keys: &mut KeyTable) -> Result<(), ConfigureError> {
        let in_schema = |key: &Cow<'_, str>| schema::KEYS.contains(&key.as_ref());
        if self.is_builtin() && settings.is_empty() && self.manifest.keys.iter().all(in_schema) {
            return Ok(());
        }
        let json = if settings.is_empty() { b"{}".to_vec() } else { settings.to_vec() };
        self.settings = None;
        self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        let shared = host.shared();
        let mut instance = self.fresh(shared, None).map_err(ConfigureError::Failed)?;
        if !settings.is_empty() {
            let manifest = instance.describe(shared, &json)?;
            self.manifest = Cow::Owned(manifest);
        }
        let symbols: Vec<u32> = self.manifest.keys.iter().map(|key| keys.add(key).0).collect();
        let settings = Settings { json, symbols };
        instance.configure(shared, &settings, None)?;
        self.settings = Some(settings);
        if self.is_builtin() && !shared.fresh {
            self.give_back(instance);
        }
        Ok(())
    }

    /// An instance that has judged before, if there is one.
    pub(crate) fn reused(&self) -> Option<Instance> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// A new instance with the run's settings.
    pub(crate) fn fresh(&self, shared: &Shared, deadline: Option<Duration>) -> Result<Instance, Failure> {
        let ready = self.ready.get_or_init(|| self.load(shared)).as_ref().map_err(Clone::clone)?;
        let mut store = Store::new(&shared.engine, State::default());
        store.limiter(|state| state);
        // What a result may cost is counted by us; this bounds what is lifted before we can.
        store.set_hostcall_fuel(limits::LIFT_BYTES);
        // A start function runs here already.
        let _running = budget(shared, &mut store, limits::FUEL, deadline);
        let functions = ready.pre.instantiate(&mut store).and_then(|instance| Functions::of(&mut store, &instance, &ready.exports));
        let functions = match functions {
            Ok(functions) => functions,
            Err(error) if error.downcast_ref::<wasmtime::Trap>().is_some() || store.data().refused().is_some() => {
                return Err(Failure::of_call(&error, &store));
            }
            Err(error) => return Err(Failure::load(&error)),
        };
        let mut instance = Instance { store, functions, units: 0 };
        if let Some(settings) = &self.settings {
            instance.configure(shared, settings, deadline).map_err(|error| match error {
                ConfigureError::Failed(failure) => failure,
                ConfigureError::Problems(problems) => Failure::new(FailureKind::Answer, said(&problems)),
            })?;
        }
        Ok(instance)
    }

    /// Keeps an instance for the next unit, if it may be reused at all. Only one whose last call succeeded is given back.
    pub(crate) fn give_back(&self, instance: Instance) {
        let worn = instance.units >= limits::UNITS_PER_INSTANCE || instance.store.data().memory() > limits::REUSED_MEMORY;
        if self.is_builtin() && !worn {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        }
    }

    pub(crate) fn suspects(&self) -> BTreeSet<u32> {
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn suspect(&self, rule: u32) {
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner).insert(rule);
    }

    fn load(&self, shared: &Shared) -> Result<Ready, Failure> {
        let component = match &self.code {
            Code::ThirdParty(component, _) => component.clone(),
            Code::Builtin(embedded) => match code::embedded(&shared.engine, embedded.native) {
                Ok(component) => component,
                Err(error) => {
                    shared.warn(format!(
                        "the {} plugin's native code was refused and is compiled anew, which takes a second at every start: {error:#}",
                        embedded.name
                    ));
                    Component::new(&shared.engine, embedded.component).map_err(|error| Failure::load(&error))?
                }
            },
        };
        let exports = Exports::of(&component).map_err(|missing| Failure::new(FailureKind::Load, format!("exports no {missing}")))?;
        let pre = shared.linker.instantiate_pre(&component).map_err(|error| Failure::load(&error))?;
        Ok(Ready { pre, exports })
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("name", &self.manifest.name).field("builtin", &self.is_builtin()).finish_non_exhaustive()
    }
}

impl Instance {
    pub(crate) fn describe(&mut self, shared: &Shared, settings: &[u8]) -> Result<Manifest, ConfigureError> {
        let _running = budget(shared, &mut self.store, limits::SETUP_FUEL, Some(limits::SETUP_DEADLINE));
        let answer = self.functions.describe(&mut self.store, settings);
        answer.map_err(|error| ConfigureError::Failed(Failure::of_call(&error, &self.store)))?.map_err(ConfigureError::Problems)
    }

    fn configure(&mut self, shared: &Shared, settings: &Settings, deadline: Option<Duration>) -> Result<(), ConfigureError> {
        let _running = budget(shared, &mut self.store, limits::SETUP_FUEL, Some(deadline.unwrap_or(limits::SETUP_DEADLINE)));
        let answer = self.functions.configure(&mut self.store, &settings.json, &settings.symbols);
        answer.map_err(|error| ConfigureError::Failed(Failure::of_call(&error, &self.store)))?.map_err(ConfigureError::Problems)
    }

    /// Counts a unit judged.
    pub(crate) const fn judged(&mut self) {
        self.units += 1;
    }
}

/// Gives a store its fuel and its deadline, which hold for one call; the clock runs while the answer lives.
pub(crate) fn budget<'s>(
    shared: &'s Shared,
    store: &mut Store<State>,
    fuel: u64,
    deadline: Option<Duration>,
) -> crate::ticker::Running<'s> {
    let (ticks, running) = shared.ticker.deadline(fuel, deadline);
    // Fuel is compiled into everything we run, so this cannot fail; if it did, the call would end at once for want of fuel.
    let _ = store.set_fuel(fuel);
    store.set_epoch_deadline(ticks);
    store.data_mut().fuel = fuel;
    running
}

/// Problems in one line.
pub(crate) fn said(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect();
    lines.join("; ")
}
