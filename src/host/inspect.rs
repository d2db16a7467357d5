//! What a third party's component is and wants, before any of it runs.

use crate::abi;
use crate::load::LoadError;
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

/// Refuses bytes that are no component, with what they are instead.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), LoadError> {
    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
    const MODULE: &[u8] = b"\0asm\x01\0\0\0";
    const ELF: &[u8] = b"\x7fELF";
    if bytes.starts_with(ELF) {
        return Err(LoadError::NativeCode);
    }
    if bytes.starts_with(MODULE) {
        return Err(LoadError::CoreModule);
    }
    if !bytes.starts_with(COMPONENT) {
        return Err(LoadError::NotAComponent);
    }
    Ok(())
}

/// Refuses a component that imports a function other than `note`, or exports no checker of a version we run.
pub(crate) fn interface(engine: &Engine, component: &Component) -> Result<(), LoadError> {
    let ty = component.component_type();
    for (name, import) in ty.imports(engine) {
        let refuse = |what: String| Err(LoadError::Import { name: what });
        match import.ty {
            ComponentItem::ComponentInstance(instance) => {
                for (function, export) in instance.exports(engine) {
                    let is_note = function == "note" && unversioned(name).0 == abi::VOICE;
                    match export.ty {
                        ComponentItem::Type(_) => {}
                        ComponentItem::ComponentFunc(_) if is_note => {}
                        _ => return refuse(format!("{name}#{function}")),
                    }
                }
            }
            ComponentItem::Type(_) => {}
            _ => return refuse(name.to_owned()),
        }
    }
    let mut found = vec![];
    for (name, _) in ty.exports(engine) {
        let (interface, version) = unversioned(name);
        if interface == abi::CHECKER {
            if abi::supports(version) {
                return Ok(());
            }
            found.push(version.to_owned());
        }
    }
    Err(LoadError::Version { found, supported: abi::SUPPORTED })
}

/// `a:b/c@1.0.0` is `a:b/c` and `1.0.0`.
fn unversioned(name: &str) -> (&str, &str) {
    name.split_once('@').unwrap_or((name, ""))
}
