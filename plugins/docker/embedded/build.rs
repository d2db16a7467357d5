//! Builds `plugins/docker` for WebAssembly and compiles it to native code.

fn main() {
    plimsoll_artefact::embed("docker");
    print!("{}", plimsoll_rulebook::codegen::described("docker"));
}
