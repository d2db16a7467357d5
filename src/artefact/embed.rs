//! What the build scripts of `plugins/*/embedded` do.

use crate::{Error, Guest, build_guest, compatibility, describe, encode, engine_config, initialise, precompile};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wasmtime::Engine;

/// Part of the fingerprint of what was made: raised when this crate makes something else of the same guest.
const RECIPE: &str = "1";

/// Builds `plugins/<name>`, and writes `plugin.wasm`, `plugin.cwasm` and `embedded.rs` into the build script's output directory. The crate
/// that embeds them only has `include!(concat!(env!("OUT_DIR"), "/embedded.rs"))`.
///
/// A guest that came out the same as last time is not initialised and compiled again, so touching a file that all plugins share costs five
/// short cargo runs.
///
/// Ends the build script when anything fails, after telling cargo what.
pub fn embed(name: &str) {
    if let Err(error) = run(name) {
        for line in format!("failed to {error}").lines().filter(|line| !line.trim().is_empty()) {
            tell(&format!("cargo::error={line}"));
        }
        std::process::exit(1);
    }
}

fn run(name: &str) -> Result<(), Error> {
    let var = |name: &str| PathBuf::from(std::env::var_os(name).unwrap_or_default());
    let here = var("CARGO_MANIFEST_DIR");
    let out = var("OUT_DIR");
    let root = here.ancestors().nth(3).unwrap_or(&here);
    for watched in [
        format!("plugins/{name}/src"),
        format!("plugins/{name}/Cargo.toml"),
        format!("plugins/{name}/build.rs"),
        format!("rules/{name}"),
        "sdk".to_owned(),
        "src/rulebook".to_owned(),
        "Cargo.lock".to_owned(),
    ] {
        // Cargo takes a file that is not there for one that always changes.
        let watched = root.join(watched);
        if watched.exists() {
            tell(&format!("cargo::rerun-if-changed={}", watched.display()));
        }
    }
    let module = build_guest(&Guest {
        manifest: root.join("Cargo.toml"),
        package: format!("plimsoll-plugin-{name}"),
        target_dir: guest_dir(&out),
        locked: true,
    })?;
    let target = std::env::var("TARGET").unwrap_or_default();
    let print = fingerprint(&module, &target)?;
    let print_file = out.join("fingerprint");
    if std::fs::read_to_string(&print_file).is_ok_and(|before| before == print) {
        return Ok(());
    }
    let component = encode(&initialise(&module)?)?;
    write(&out.join("plugin.wasm"), &component)?;
    write(&out.join("plugin.cwasm"), &precompile(&component, &target)?)?;
    write(&out.join("embedded.rs"), source(name, &describe(&component)?.to_rust()).as_bytes())?;
    // Last, so that a build that was interrupted starts over.
    write(&print_file, print.as_bytes())
}

/// One directory for all guests and all profiles, so that the SDK is built for them once; inside the target directory, so that
/// `cargo clean` takes it along.
fn guest_dir(out: &Path) -> PathBuf {
    let build = out.ancestors().find(|dir| dir.file_name().is_some_and(|name| name == "build"));
    build.and_then(Path::parent).and_then(Path::parent).map_or_else(|| out.join("guests"), |target| target.join("guests"))
}

fn fingerprint(module: &[u8], target: &str) -> Result<String, Error> {
    let engine = Engine::new(&engine_config(target)?).map_err(|error| Error::Compile(error.to_string()))?;
    let mut text = format!("{RECIPE} {} ", compatibility(&engine));
    for byte in Sha256::digest(module) {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn source(name: &str, manifest: &str) -> String {
    format!(
        "use plimsoll_artefact::{{Embedded, Manifest}};
use std::borrow::Cow;

#[repr(C, align(4096))]
struct Pages<T: ?Sized>(T);

static NATIVE: &Pages<[u8]> = &Pages(*include_bytes!(concat!(env!(\"OUT_DIR\"), \"/plugin.cwasm\")));
static COMPONENT: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/plugin.wasm\"));

/// The plugin.
#[allow(clippy::all, clippy::pedantic, reason = \"generated\")]
pub static ARTEFACT: Embedded = Embedded {{
    name: {name:?},
    native: &NATIVE.0,
    component: COMPONENT,
    manifest: {manifest},
}};
"
    )
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|source| Error::Io { path: path.to_owned(), source })
}

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn tell(line: &str) {
    println!("{line}");
}
