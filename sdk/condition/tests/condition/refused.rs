//! What the compiler refuses, where, and what it says about it.

use crate::fixture::environment;
use plimsoll_condition::compile::{self, Environment};
use plimsoll_condition::{CompileError, Located};
use proptest::prelude::*;

fn error(text: &str) -> CompileError {
    let located = Located::new(text.to_owned(), 7, 10);
    compile::expression(&located, &environment("compose", "Service")).map(|(_, ty)| panic!("{text} compiled as {}", ty.name())).unwrap_err()
}

#[test]
fn type_errors_stand_where_they_are_and_name_what_was_meant() {
    for (text, column, part) in [
        ("self.imgae == 'x'", 14, "`Service` has no field `imgae`, did you mean `image`?"),
        ("has(self.enviroment)", 18, "did you mean `environment`?"),
        ("self.ports.all(p, p.publised == 1)", 29, "did you mean `published`?"),
        ("self.image + 1", 21, "`+` does not take string and int"),
        ("self.image == 1", 21, "never equal"),
        ("self.image && true", 14, "`&&` takes bools, not string"),
        ("'x' in self.image", 14, "text.contains(part)"),
        ("self.ports.published", 20, "cannot select `published` from a list"),
        ("self.command.contains('x')", 14, "write `x in list`"),
        ("image == 'x'", 10, "write `self.image`"),
        ("self.image.startswith('x')", 31, "did you mean `startsWith`?"),
        ("contains(self.image, 'x')", 18, "is called on a value"),
        ("self.image.matches('(')", 29, "not a pattern"),
        ("self.relations.dockerfile.exists(d, true)", 24, "add it to `relations:`"),
        ("self.image.contains()", 14, "takes 2 arguments"),
        ("1u == 1", 10, "uint"),
        ("b'x' == 'x'", 10, "bytes"),
        ("timestamp('x') == 1", 19, "documents hold no `timestamp`"),
        ("has(self)", 13, "takes one selection"),
        ("self.image.", 21, "not a CEL expression"),
        ("self.image == 'x", 24, "not a CEL expression"),
    ] {
        let found = error(text);
        assert!(found.message.contains(part), "{text}: {found}");
        assert_eq!(found.line, 7, "{text}: {found}");
        assert!(found.column.abs_diff(column) <= 4, "{text}: {found}, expected near column {column}");
    }
}

#[test]
fn lines_of_a_long_expression_are_counted() {
    let text = "self.image != ''\n  && self.prots.all(p, true)".to_owned();
    let error = compile::expression(&Located::new(text, 7, 0), &environment("compose", "Service")).unwrap_err();
    assert_eq!((error.line, error.column), (8, 0));
}

#[test]
fn columns_count_characters_where_bytes_are_more() {
    let error = error("'äöü' == self.imgae");
    assert!((18..=26).contains(&error.column), "{error}");
}

#[test]
fn short_expressions_fit_half_a_megabyte_of_stack() {
    let run = || {
        for (open, inner, close) in [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("{1:", "1", "}"),
            ("f(", "1", ")"),
            ("!", "a", ""),
            ("-", "a", ""),
            ("a", "a", ".a"),
            ("", "1", "+1"),
            ("", "a", "?a:a"),
            ("", "a", "[0]"),
            ("", "a", "&&a"),
            ("", "a", " in a"),
        ] {
            for count in [20, 45, 80, 150, 300] {
                let text = format!("{}{inner}{}", open.repeat(count), close.repeat(count));
                let text: String = text.chars().take(320).collect();
                let _ = compile::expression(&Located::new(text, 1, 1), &Environment::untyped(&["a"]));
            }
        }
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn nesting_is_bounded_however_it_is_written() {
    let deep = |open: &str, inner: &str, close: &str, times: usize| format!("{}{inner}{}", open.repeat(times), close.repeat(times));
    for text in [
        deep("(", "true", ")", 5000),
        deep("[", "1", "]", 5000),
        deep("{'a': ", "1", "}", 1000),
        deep("f(", "1", ")", 3000),
        format!("{}true", "!".repeat(8000)),
        format!("{}1", "-".repeat(8000)),
        format!("a{}", ".a".repeat(4000)),
        format!("a{}", "[0]".repeat(2500)),
        format!("1{}", " + 1".repeat(1900)),
        format!("true{}", " ? 1 : true".repeat(700)),
        format!("'{}'", "(".repeat(9000)),
        deep("'('+(", "true", ")", 1500),
    ] {
        // Either refused or compiled: what matters is that this test comes back.
        let _ = compile::expression(&Located::new(text, 1, 1), &Environment::untyped(&["a"]));
    }
    let chain = format!("true{}", " && true".repeat(900));
    assert!(compile::expression(&Located::new(chain, 1, 1), &Environment::untyped(&[])).is_ok(), "a long chain is not deep");
    let deep = format!("1{}", " + 1".repeat(300));
    let error = compile::expression(&Located::new(deep, 1, 1), &Environment::untyped(&[])).unwrap_err();
    assert!(error.message.contains("nested too deeply"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is written compiles or is refused at a place inside it.
    #[test]
    fn any_text_compiles_or_is_refused(parts in proptest::collection::vec(prop_oneof![
        "[a-z0-9 ]{0,3}".prop_map(|text| text),
        prop::sample::select(PARTS.to_vec()).prop_map(str::to_owned),
    ], 0..14)) {
        let text = parts.concat();
        if let Err(error) = compile::expression(&Located::new(text.clone(), 1, 1), &environment("compose", "Service")) {
            prop_assert!(!error.message.contains("the CEL parser failed"), "{:?}", text);
            prop_assert!(error.line as usize <= text.matches('\n').count() + 1, "{:?} {}", text, error);
            prop_assert!(error.column as usize <= text.chars().count() + 2, "{:?} {}", text, error);
        }
    }
}

const PARTS: &[&str] = &[
    "self",
    ".image",
    ".ports",
    "[0]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\\",
    "?",
    ":",
    "&&",
    "||",
    "==",
    "in ",
    "!",
    "-",
    ".all(x, ",
    ".map(",
    "has(",
    "`",
    "//",
    "\n",
    "é",
    "😀",
    "1u",
    "b'",
    "r'''",
    "\\x4",
    "0x",
    "1e9999",
    "9223372036854775808",
    ".?",
    "@in",
    "cel.bind(",
];
