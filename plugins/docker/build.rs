//! Generates the registry from `rules/docker` and `src/rules`.

fn main() {
    print!("{}", plimsoll_rulebook::codegen::built_in("docker"));
}
