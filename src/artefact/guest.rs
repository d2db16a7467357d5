//! Running cargo for WebAssembly.

use crate::{Error, component};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target that guests are built for.
const WASM: &str = "wasm32-unknown-unknown";

/// What to build, and where.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// The package, whose library has crate type `cdylib`.
    pub package: String,
    /// Cargo's target directory. Never the one of a cargo that is running: it would wait for itself.
    pub target_dir: PathBuf,
    /// Whether `Cargo.lock` must be right already.
    pub locked: bool,
}

/// Builds the guest with `cargo build --release --target wasm32-unknown-unknown` and returns its core module.
///
/// The profile is set by environment, not in `Cargo.toml`: in the workspace's release profile the same settings would build wasmtime twice
/// (docs/decisions/0002). Flags meant for the host (`RUSTFLAGS`, a coverage or clippy wrapper) are taken out of the environment; the jobserver stays in.
///
/// # Errors
/// When cargo cannot be run or fails; the error carries what it wrote.
pub fn build_guest(guest: &Guest) -> Result<Vec<u8>, Error> {
    let fail = |why: String| Error::Cargo { package: guest.package.clone(), why };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--target", WASM, "--quiet", "--lib", "--package", &guest.package]);
    command.arg("--manifest-path").arg(&guest.manifest).arg("--target-dir").arg(&guest.target_dir);
    if guest.locked {
        command.arg("--locked");
    }
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_for_the_host) {
            command.env_remove(name);
        }
    }
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3");
    // Every call in a sandbox counts fuel and looks at the clock, so more is worth inlining than elsewhere: 7 % fewer instructions for
    // 980 Dockerfiles, for native code that is a sixth larger.
    command.env("CARGO_ENCODED_RUSTFLAGS", "-Cllvm-args=-inline-threshold=800");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    command.env("CARGO_PROFILE_RELEASE_LTO", "thin");
    command.env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    // Names of functions, which nobody reads: traps are told by what the plugin said.
    command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    command.env("CARGO_PROFILE_RELEASE_INCREMENTAL", "false");
    command.env("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL", "0");
    let output = command.stdin(Stdio::null()).output().map_err(|error| fail(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        return Err(fail(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let file = guest.target_dir.join(WASM).join("release").join(format!("{}.wasm", guest.package.replace('-', "_")));
    std::fs::read(&file).map_err(|source| Error::Io { path: file, source })
}

/// Variables by which an outer cargo, clippy or coverage run speaks to its own compiler.
fn is_for_the_host(name: &str) -> bool {
    let exact = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_ENCODED_RUSTDOCFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_RUSTC_WRAPPER",
        "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_TARGET_DIR",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_BUILD_BUILD_DIR",
        "CLIPPY_ARGS",
        "LLVM_PROFILE_FILE",
        "OUT_DIR",
        "TARGET",
        "HOST",
        "NUM_JOBS",
        "OPT_LEVEL",
        "PROFILE",
        "DEBUG",
    ];
    exact.contains(&name)
        || ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_PROFILE_", "DEP_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// Builds a third party's plugin project into a component beside its other build products and returns the file.
///
/// The project is one package; its name is read from its `Cargo.toml` by cargo itself.
///
/// # Errors
/// As [`build_guest`] and [`encode`](crate::encode).
pub fn build_component(project: &Path) -> Result<PathBuf, Error> {
    let manifest = project.join("Cargo.toml");
    let package = package_name(&manifest)?;
    let target_dir = project.join("target");
    let guest = Guest { manifest, package, target_dir, locked: false };
    let encoded = component::encode(&build_guest(&guest)?)?;
    let file = guest.target_dir.join(format!("{}.wasm", guest.package));
    std::fs::write(&file, encoded).map_err(|source| Error::Io { path: file.clone(), source })?;
    Ok(file)
}

/// Asked of cargo rather than read from the file: it knows inheritance, and tells what is wrong in its own words.
fn package_name(manifest: &Path) -> Result<String, Error> {
    let fail = |why: String| Error::Cargo { package: manifest.display().to_string(), why };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["read-manifest", "--manifest-path"])
        .arg(manifest)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fail(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        return Err(fail(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let parsed: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|error| fail(error.to_string()))?;
    parsed["name"].as_str().map(str::to_owned).ok_or_else(|| fail("it names no package".to_owned()))
}
