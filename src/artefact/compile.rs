//! Component to native code, and the manifest it answers with.

use crate::manifest::{ManifestRecord, Problem};
use crate::{Error, Manifest, engine_config};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

/// Compiles a component for the baseline CPU of `target`.
///
/// # Errors
/// When the target is unknown or the component is not valid.
pub fn precompile(component: &[u8], target: &str) -> Result<Vec<u8>, Error> {
    let compile = || Engine::new(&engine_config(target).map_err(wasmtime::Error::new)?)?.precompile_component(component);
    compile().map_err(|error| Error::Compile(format!("{error:#}")))
}

/// Asks a built-in for its manifest with default settings. For our own plugins, at build time: nothing limits what it does.
///
/// # Errors
/// When it traps or reports problems.
pub fn describe(component: &[u8]) -> Result<Manifest, Error> {
    let answer = ask(component).map_err(|error| Error::Describe(format!("{error:#}")))?;
    match answer {
        Ok(record) => Ok(record.into()),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect();
            Err(Error::Describe(lines.join("; ")))
        }
    }
}

fn ask(component: &[u8]) -> wasmtime::Result<Result<ManifestRecord, Vec<Problem>>> {
    let engine = Engine::default();
    let component = Component::new(&engine, component)?;
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&component)?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component)?;
    let missing = || wasmtime::Error::msg("the component exports no plimsoll:rules/checker@1.0.0#describe");
    let checker = instance.get_export_index(&mut store, None, "plimsoll:rules/checker@1.0.0").ok_or_else(missing)?;
    let describe = instance.get_export_index(&mut store, Some(&checker), "describe").ok_or_else(missing)?;
    let describe = instance.get_typed_func::<(&[u8],), (Result<ManifestRecord, Vec<Problem>>,)>(&mut store, &describe)?;
    Ok(describe.call(&mut store, (b"{}",))?.0)
}
