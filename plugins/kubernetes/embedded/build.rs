//! Builds `plugins/kubernetes` for WebAssembly and compiles it to native code.

fn main() {
    plimsoll_artefact::embed("kubernetes");
    print!("{}", plimsoll_rulebook::codegen::described("kubernetes"));
}
