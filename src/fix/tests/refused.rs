//! Changes that would break the file, or write elsewhere than they say: each is dropped. Found by `fuzz/fuzz_targets/fix.rs`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use plimsoll_fix::OpKind::{Append, InsertAfter, InsertBefore, Remove, Rename, Set};
use support::{Project, op};

#[track_caller]
fn refused(project: &Project, change: support::Change<'_>) {
    let outcome = project.fix(&[change]).map(|after| after.text().to_owned());
    assert!(outcome.is_err(), "{change:?} gave\n{}", outcome.unwrap_or_default());
}

const OBJECT: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\ndata:\n  a: b\n";
const MODULE: &str = "terraform {\n  backend \"s3\" {}\n}\nresource \"a\" \"b\" {\n  c {\n    d = 1\n  }\n  e = {}\n}\n";

#[test]
fn nothing_stands_beside_a_list_of_instructions() {
    for kind in [InsertBefore, InsertAfter] {
        refused(&Project::docker("FROM a\nRUN b\n"), op(kind, "stages/0/instructions", "", "\"USER app\""));
    }
}

#[test]
fn an_empty_list_of_instructions_is_no_place_for_text() {
    refused(&Project::docker("FROM a\nFROM b\nUSER c\n"), op(Set, "stages/0/instructions", "", "\"USER app\""));
}

#[test]
fn the_end_of_a_heredoc_stays_on_its_line() {
    for body in ["b\nc", "b \"c"] {
        let project = Project::docker(&format!("FROM a\nRUN <<EOF\n{body}\nEOF\n"));
        refused(&project, op(Set, "stages/0/instructions/0/script/commands", "", "\"d\""));
    }
}

#[test]
fn the_only_instruction_of_a_file_stays() {
    refused(&Project::docker("# c\nRUN a\n\n"), op(Remove, "stages/0/instructions/0", "", ""));
    assert!(Project::docker("ARG A\nRUN a\n").fix(&[op(Remove, "stages/0/instructions/0", "", "")]).is_ok());
}

#[test]
fn a_flow_key_of_several_lines_gets_no_colon() {
    for key in ["a\n  b", &"k".repeat(1025)] {
        let project = Project::kubernetes(&format!("apiVersion: v1\nkind: Secret\ndata: {{c: d, {key}}}\n"));
        refused(&project, op(Set, "data/1", "", "1"));
    }
}

#[test]
fn what_is_null_does_not_become_a_map_and_a_list() {
    let project = Project::kubernetes("apiVersion: v1\nkind: Secret\ndata:\n");
    assert!(project.fix(&[op(Append, "data", "/a/b", "1"), op(Append, "data", "", "1")]).is_err());
}

#[test]
fn a_file_with_carriage_returns_alone_is_left_as_it_is() {
    refused(&Project::kubernetes("apiVersion: v1\nkind: Secret\ndata:\n  a:\n    b: c\r\rd: e\n"), op(Set, "data/a", "/x", "1"));
    assert!(Project::kubernetes("apiVersion: v1\r\ndata:\r\n  a: b\r\nkind: Secret\r\n").fix(&[op(Set, "data/a", "", "1")]).is_ok());
}

#[test]
fn no_two_entries_get_one_name() {
    let project = Project::kubernetes("apiVersion: v1\nkind: Secret\ndata:\n  a: 1\n  b: 2\n");
    refused(&project, op(Rename, "data/a", "", "\"b\""));
    assert!(project.fix(&[op(Rename, "data/a", "", "\"c\""), op(Rename, "data/b", "", "\"c\"")]).is_err());
    assert!(project.fix(&[op(Rename, "data/a", "", "\"b\""), op(Rename, "data/b", "", "\"a\"")]).is_ok());
}

#[test]
fn the_from_of_a_copy_is_no_instruction() {
    refused(&Project::docker("FROM a\nCOPY --from=b c d\n"), op(InsertAfter, "stages/0/instructions/0/flags/from", "", "\"USER app\""));
}

#[test]
fn a_map_has_no_items() {
    refused(&Project::kubernetes(OBJECT), op(Append, "data", "", "1"));
    refused(&Project::compose("services:\n  a:\n    image: b\n"), op(Append, "services", "", "null"));
}

#[test]
fn nothing_is_inserted_beside_an_entry() {
    for kind in [InsertBefore, InsertAfter] {
        refused(&Project::kubernetes(OBJECT), op(kind, "data/a", "", "1"));
        refused(&Project::terraform(MODULE), op(kind, "resources/0/body/e", "", r#"{"type":"x","body":{}}"#));
    }
}

#[test]
fn a_missing_key_is_not_renamed_in_place_of_what_holds_it() {
    refused(&Project::kubernetes(OBJECT), op(Rename, "data", "/missing/below", "\"renamed\""));
}

#[test]
fn an_empty_key_has_no_name_to_change() {
    refused(&Project::kubernetes("apiVersion: v1\nkind: Secret\ndata:\n  : b\n"), op(Rename, "data/0", "", "\"renamed\""));
}

#[test]
fn the_question_mark_of_a_removed_key_does_not_go_to_the_next() {
    for map in ["\n  ? a\n  b: 1", "\n  ?\n  b: 1", "\n  ? \"a\"\n  : 2\n  b: 1", " {? , b: 1}", " {? a, b: 1}"] {
        refused(&Project::kubernetes(&format!("apiVersion: v1\nkind: Secret\ndata:{map}\n")), op(Remove, "data/0", "", ""));
    }
    assert!(
        Project::kubernetes("apiVersion: v1\nkind: Secret\ndata:\n  a: what?\n  b: 1\n  c: 2\n")
            .fix(&[op(Remove, "data/b", "", "")])
            .is_ok()
    );
}

#[test]
fn nothing_is_put_behind_the_key_of_a_question_mark() {
    for key in ["? a", "?\n    a", "? !t\n    a", "? # c\n    a", "?\n# c\n    a"] {
        refused(&Project::kubernetes(&format!("apiVersion: v1\nkind: Secret\ndata:\n  {key}\n")), op(Set, "data", "/new", "1"));
    }
}

#[test]
fn an_anchor_in_front_of_a_removed_key_does_not_go_to_the_next() {
    let text = "apiVersion: v1\nkind: Secret\n&x  a: 1\nb: 2\n";
    refused(&Project::kubernetes(text), op(Remove, "a", "", ""));
}

#[test]
fn the_words_of_a_command_do_not_become_flags_of_its_instruction() {
    refused(&Project::docker("FROM a\nRUN b --c d\n"), op(Remove, "stages/0/instructions/0/script/commands/0/words/0", "", ""));
    let other = Project::docker("FROM a\nRUN b c --d\n");
    assert!(other.fix(&[op(Remove, "stages/0/instructions/0/script/commands/0/words/0", "", "")]).is_ok());
}

#[test]
fn a_pair_in_a_flow_list_has_room_for_one_entry() {
    refused(&Project::kubernetes("apiVersion: v1\nkind: Secret\ndata: [\n  a: b\n  ]\n"), op(Set, "data/0", "/c", "1"));
}

#[test]
fn a_block_or_label_is_no_place_for_an_expression() {
    for node in ["resources", "resources/0", "resources/0/body/c/0", "resources/0/type"] {
        refused(&Project::terraform(MODULE), op(Set, node, "", "{}"));
    }
}

#[test]
fn the_name_of_an_argument_is_an_identifier() {
    refused(&Project::terraform(MODULE), op(Set, "resources/0/body", "/a~1b", "1"));
    assert!(Project::terraform(MODULE).fix(&[op(Set, "resources/0/body/e", "/a~1b", "1")]).is_ok(), "the key of an object may be any text");
}

#[test]
fn parts_that_overlap_in_the_text() {
    let object = Project::kubernetes(OBJECT);
    assert!(object.fix(&[op(Remove, "data", "", ""), op(Set, "data/a", "", "\"c\"")]).is_err());
    let docker = Project::docker("FROM a\nRUN b\nUSER c\n");
    assert!(docker.fix(&[op(Set, "stages/0/instructions/1", "", "\"USER d\""), op(Remove, "stages/0/instructions/1", "", "")]).is_err());
}
