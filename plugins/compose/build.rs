//! Generates the registry from `rules/compose` and `src/rules`.

fn main() {
    print!("{}", plimsoll_rulebook::codegen::built_in("compose"));
}
