//! Builds `plugins/terraform` for WebAssembly and compiles it to native code.

fn main() {
    plimsoll_artefact::embed("terraform");
    print!("{}", plimsoll_rulebook::codegen::described("terraform"));
}
