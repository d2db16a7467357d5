//! Builds `plugins/compose` for WebAssembly and compiles it to native code.

fn main() {
    plimsoll_artefact::embed("compose");
    print!("{}", plimsoll_rulebook::codegen::described("compose"));
}
