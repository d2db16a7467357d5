//! `plimsoll:rules@1`: lowering units, lifting findings.

use crate::instance::State;
use crate::{Problem, RawFinding, Unit, limits};
use plimsoll_artefact::{Manifest, ManifestRecord};
use wasmtime::component::{Component, ComponentExportIndex, ComponentType, Instance, Linker, Lower, TypedFunc, WasmStr};
use wasmtime::{Engine, Store, StoreContextMut};

/// Name of the checker.
pub(crate) const CHECKER: &str = "plimsoll:rules/checker@1.0.0";
/// Name of the voice.
const VOICE: &str = "plimsoll:rules/voice@1.0.0";

#[derive(ComponentType, Lower)]
#[component(record)]
pub(crate) struct SourceRecord<'a> {
    uri: &'a str,
    length: u32,
}

#[derive(ComponentType, Lower)]
#[component(record)]
pub(crate) struct DocumentRecord<'a> {
    target: &'a str,
    sources: Vec<SourceRecord<'a>>,
    words: &'a [u32],
    bytes: &'a [u8],
}

#[derive(ComponentType, Lower)]
#[component(record)]
pub(crate) struct UnitRecord<'a> {
    documents: Vec<DocumentRecord<'a>>,
    edges: &'a [u32],
}

impl<'a> UnitRecord<'a> {
    pub(crate) fn of(unit: &Unit<'a>) -> Self {
        let documents = unit.documents.iter().map(|document| DocumentRecord {
            target: document.target,
            sources: (0..)
                .zip(&document.sources)
                .map(|(at, source)| SourceRecord { uri: &source.uri, length: document.doc().source_length(at) })
                .collect(),
            words: document.table.words(),
            bytes: document.table.text().as_bytes(),
        });
        Self { documents: documents.collect(), edges: unit.edges }
    }
}

type Describe = TypedFunc<(&'static [u8],), (Result<ManifestRecord, Vec<Problem>>,)>;
type Configure = TypedFunc<(&'static [u8], &'static [u32]), (Result<(), Vec<Problem>>,)>;
type Check = TypedFunc<(UnitRecord<'static>, &'static [u32]), (Result<Vec<RawFinding>, String>,)>;

/// Where the functions are in a component.
#[derive(Clone, Copy)]
pub(crate) struct Exports {
    describe: ComponentExportIndex,
    configure: ComponentExportIndex,
    check: ComponentExportIndex,
}

impl Exports {
    /// Looks them up; the error names the one that is missing.
    pub(crate) fn of(component: &Component) -> Result<Self, String> {
        let checker = component.get_export_index(None, CHECKER).ok_or(CHECKER)?;
        let find = |name: &str| component.get_export_index(Some(&checker), name).ok_or_else(|| format!("{CHECKER}#{name}"));
        Ok(Self { describe: find("describe")?, configure: find("configure")?, check: find("check")? })
    }
}

/// The functions of one instance. The types were checked when they were looked up.
pub(crate) struct Functions {
    describe: Describe,
    configure: Configure,
    check: Check,
}

impl Functions {
    pub(crate) fn of(store: &mut Store<State>, instance: &Instance, exports: &Exports) -> wasmtime::Result<Self> {
        Ok(Self {
            describe: instance.get_typed_func(&mut *store, exports.describe)?,
            configure: instance.get_typed_func(&mut *store, exports.configure)?,
            check: instance.get_typed_func(&mut *store, exports.check)?,
        })
    }

    pub(crate) fn describe(&self, store: &mut Store<State>, settings: &[u8]) -> wasmtime::Result<Result<Manifest, Vec<Problem>>> {
        let describe: TypedFunc<(&[u8],), _> = self.describe;
        Ok(describe.call(store, (settings,))?.0.map(Into::into))
    }

    pub(crate) fn configure(
        &self,
        store: &mut Store<State>,
        settings: &[u8],
        symbols: &[u32],
    ) -> wasmtime::Result<Result<(), Vec<Problem>>> {
        let configure: TypedFunc<(&[u8], &[u32]), _> = self.configure;
        Ok(configure.call(store, (settings, symbols))?.0)
    }

    pub(crate) fn check(
        &self,
        store: &mut Store<State>,
        unit: &Unit<'_>,
        enabled: &[u32],
    ) -> wasmtime::Result<Result<Vec<RawFinding>, String>> {
        let check: TypedFunc<(UnitRecord<'_>, &[u32]), _> = self.check;
        Ok(check.call(store, (UnitRecord::of(unit), enabled))?.0)
    }
}

/// Everything a plugin can reach: one function that writes down what it says.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    linker.instance(VOICE)?.func_wrap("note", |mut store: StoreContextMut<'_, State>, (level, text): (u8, WasmStr)| {
        // Work done here is not counted by the plugin's own code, so it is paid for.
        let fuel = store.get_fuel()?;
        store.set_fuel(fuel.saturating_sub(limits::NOTE_FUEL))?;
        if store.data().hears() {
            let text = text.to_str(&store)?.into_owned();
            store.data_mut().note(level, &text);
        }
        Ok(())
    })?;
    Ok(linker)
}
