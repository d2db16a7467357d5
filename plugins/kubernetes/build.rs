//! Generates the registry from `rules/kubernetes` and `src/rules`.

fn main() {
    print!("{}", plimsoll_rulebook::codegen::built_in("kubernetes"));
}
