//! Generates the registry from `rules/terraform` and `src/rules`.

fn main() {
    print!("{}", plimsoll_rulebook::codegen::built_in("terraform"));
}
