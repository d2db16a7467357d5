//! Keys of flow style that have no colon, or whose map has no brackets of its own. Found by `fuzz/fuzz_targets/fix.rs`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use plimsoll_fix::OpKind::{Append, Set};
use support::{Project, op};

#[track_caller]
fn check(map: &str, change: support::Change<'_>, expected: &str) {
    let project = |map: &str| Project::kubernetes(&format!("apiVersion: v1\nkind: ConfigMap\nspec: {map}\n"));
    let after = project(map).fix(&[change]).unwrap();
    assert_eq!(after.text(), project(expected).text());
    assert_eq!(after.parse().1, 0, "{expected} no longer parses");
}

#[test]
fn a_value_behind_a_flow_key_without_a_colon_brings_one_along() {
    check("{a none, b: 1}", op(Append, "spec/a none", "/c~1d", "true"), "{a none: { c/d: [true] }, b: 1}");
    check("{b: 1, a}", op(Set, "spec/a", "", "2"), "{b: 1, a: 2}");
    check("{'a', b: 1}", op(Set, "spec/a", "", "2"), "{'a': 2, b: 1}");
    check("{a # c: d\n  , b: 1}", op(Set, "spec/a", "", "2"), "{a: 2 # c: d\n  , b: 1}");
}

#[test]
fn an_entry_beside_a_key_that_gets_a_value_stands_behind_it() {
    let project = |map: &str| Project::kubernetes(&format!("apiVersion: v1\nkind: ConfigMap\nspec: {map}\n"));
    for (change, expected) in [(op(Append, "spec/a", "", "1"), "{a: [1], b: 2}"), (op(Set, "spec/a", "/c", "1"), "{a: { c: 1 }, b: 2}")] {
        let after = project("{a}").fix(&[change, op(Set, "spec", "/b", "2")]).unwrap();
        assert_eq!(after.text(), project(expected).text());
    }
}

#[test]
fn a_value_behind_a_tag_does_not_become_part_of_it() {
    check("{a: !!str , b: 1}", op(Set, "spec/a", "", "\"c\""), "{a: !!str c , b: 1}");
    check("\n  - !!str\n  - b", op(Set, "spec/0", "", "\"c\""), "\n  - !!str c\n  - b");
}

#[test]
fn the_colon_does_not_become_part_of_a_question_mark() {
    check("{? , b: 1}", op(Set, "spec/0", "", "2"), "{? : 2 , b: 1}");
}

#[test]
fn a_flow_key_with_a_colon_gets_no_second_one() {
    check("{a:, b: 1}", op(Set, "spec/a", "", "2"), "{a: 2, b: 1}");
    check("{a # c\n  : , b: 1}", op(Set, "spec/a", "", "2"), "{a # c\n  : 2 , b: 1}");
    check("{a: &x , b: 1}", op(Set, "spec/a", "", "2"), "{a: &x 2 , b: 1}");
}

#[test]
fn a_value_of_a_pair_in_a_flow_list_stays_between_the_brackets() {
    check("[b: ]", op(Set, "spec/0/b", "/x", "1"), "[b: { x: 1 } ]");
    check("[\n  b: {}]", op(Set, "spec/0/b", "/x/y", "2"), "[\n  b: { x: { \"y\": 2 } }]");
    check("{a: [b: 1, c: ~]}", op(Append, "spec/a/1/c", "", "1"), "{a: [b: 1, c: [1]]}");
    check("[\n  b: [],\n  c\n  ]", op(Set, "spec/0/b", "", "{\"x\":1}"), "[\n  b: { x: 1 },\n  c\n  ]");
}
