//! Native code from bytes: the one place in the host that needs `unsafe`.
//!
//! wasmtime runs such bytes as they are. Two sources are believed, and no other:
//!
//! - what our own build script put into this binary: who can change it can change the program;
//! - our cache, a directory that only the user can write (`cache` sees to that): who can change it can change the user's programs.
//!
//! wasmtime itself refuses bytes of another version, target, or configuration.
#![expect(unsafe_code, reason = "native code cannot be loaded otherwise; every block says why it may")]

use std::collections::BTreeSet;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};
use wasmtime::component::Component;
use wasmtime::{Config, Engine};

/// Lets native code be run where it lies. Without this the loader would copy it: 1.5 ms for 3.5 MB, against 0.2 ms.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn allow_in_place(config: &mut Config) {
    config.with_custom_code_memory(Some(std::sync::Arc::new(in_place::Protection)));
}

/// Elsewhere code is copied: other processors want their instruction caches told, which wasmtime's copying loader does.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn allow_in_place(_: &mut Config) {}

/// x86-64 has no other page size, and elsewhere nothing runs in place.
const PAGE: usize = 4096;

/// Where code was ever run in place.
static IN_PLACE: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Loads what the build script made.
pub(crate) fn embedded(engine: &Engine, native: &'static [u8]) -> wasmtime::Result<Component> {
    let start = native.as_ptr().addr();
    let in_place = cfg!(all(target_os = "linux", target_arch = "x86_64")) && start.is_multiple_of(PAGE);
    // wasmtime knows code by its address, for the whole process: a second engine, or a second copy of the plugin, must lie elsewhere.
    if in_place && IN_PLACE.lock().unwrap_or_else(PoisonError::into_inner).insert(start) {
        // SAFETY: the bytes are the output of `precompile` in our build script (module documentation). They are a `static` without
        // interior mutability: they live as long as the program and nothing writes them.
        return unsafe { Component::deserialize_raw(engine, NonNull::from(native)) };
    }
    // SAFETY: as above; this copies, so lifetime does not matter.
    unsafe { Component::deserialize(engine, native) }
}

/// Loads a file of our cache.
pub(crate) fn cached(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: `cache` wrote the file with `Engine::precompile_component` under a name no other content gets, and put it in place whole, in a
    // directory that it has checked to be the user's alone. It is replaced by renaming, never written in place, so the mapping stays.
    unsafe { Component::deserialize_file(engine, file) }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod in_place {
    use rustix::mm::{MprotectFlags, mprotect};
    use wasmtime::CustomCodeMemory;

    pub(super) struct Protection;

    impl CustomCodeMemory for Protection {
        fn required_alignment(&self) -> usize {
            super::PAGE
        }

        fn publish_executable(&self, start: *const u8, len: usize) -> wasmtime::Result<()> {
            // SAFETY: wasmtime hands over the page-aligned text section of code that it is about to run. Nothing writes to it: it is either
            // a constant of this binary or a mapping that wasmtime has made read-only. Read access stays, so nobody who reads it is hurt.
            unsafe { mprotect(start.cast_mut().cast(), len, MprotectFlags::READ | MprotectFlags::EXEC)? };
            Ok(())
        }

        fn unpublish_executable(&self, start: *const u8, len: usize) -> wasmtime::Result<()> {
            // SAFETY: as above, and wasmtime guarantees that no code runs there any more.
            unsafe { mprotect(start.cast_mut().cast(), len, MprotectFlags::READ)? };
            Ok(())
        }
    }
}
