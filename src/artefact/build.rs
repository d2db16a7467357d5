//! Tells the crate which target it is compiled for (native code is made for that target's baseline CPU, never for the builder's own), and sees
//! that guests can be compiled.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=PLIMSOLL_TARGET={}", std::env::var("TARGET").unwrap_or_default());
    ensure_guest_target();
}

/// Has rustup fetch the standard library for WebAssembly where it is missing.
///
/// `rust-toolchain.toml` names the target, and rustup installs what that file names; but not into a toolchain that is there already while
/// `RUSTUP_AUTO_INSTALL=0`, as on many build machines. Here, once, because the crates that build guests run side by side. What goes wrong is
/// told better by the build of the first guest.
fn ensure_guest_target() {
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let library = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).stdin(Stdio::null()).output();
    let there = library.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir());
    if !there {
        _ = Command::new("rustup").args(["target", "add", TARGET]).stdin(Stdio::null()).output();
    }
}
