//! Tells the crate which target it is compiled for; native code is made for that target's baseline CPU, never for the builder's own.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=PLIMSOLL_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}
