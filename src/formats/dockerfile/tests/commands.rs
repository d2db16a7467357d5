//! Commands of shell programs, read through the document as a rule reads them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_document::{Flags, Kind, Node};
use support::{at, instructions, text};

/// Every command of a file as `operator depth words`, unknown words as `?`.
fn commands(source: &str) -> Vec<String> {
    let parsed = support::parse(source);
    let scripts =
        instructions(parsed.document.doc().root()).into_iter().filter_map(|node| at(node, &["script", "commands"])).collect::<Vec<_>>();
    scripts.into_iter().flat_map(Node::children).map(show).collect()
}

fn show(command: Node<'_>) -> String {
    let words = |key: &str| {
        at(command, &[key])
            .into_iter()
            .flat_map(Node::children)
            .map(|word| word.as_str().unwrap_or("?").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let wrappers = words("wrappers");
    let wrappers = if wrappers.is_empty() { wrappers } else { format!("({wrappers}) ") };
    let mut marks = String::new();
    for mark in ["errexit", "pipefail", "condition", "piped", "background"] {
        if at(command, &[mark]).and_then(Node::as_bool) == Some(true) {
            marks += &format!(" {mark}");
        }
    }
    let depth = at(command, &["depth"]).and_then(Node::as_f64).unwrap();
    format!("{}{depth} {wrappers}{}{marks}", text(command, "operator").unwrap_or_default(), words("words"))
}

fn run(program: &str) -> Vec<String> {
    commands(&format!("FROM a\nARG V=1.2\nENV L=\"x y\"\nRUN {program}\n"))
}

#[test]
fn variables_of_the_file_and_the_program() {
    assert_eq!(run("a=$V$V && b $a $L \"$L\""), ["0 ", "&&0 b 1.21.2 x y x y"]);
    assert_eq!(run("b $X; X=1; b $X"), ["0 b ?", ";0 ", ";0 b 1"]);
    assert_eq!(run("x || A=1; b \"$A\""), ["0 x condition", "||0 ", ";0 b ?"]);
    assert_eq!(run("x && A=1; b \"$A\""), ["0 x", "&&0 ", ";0 b ?"]);
    assert_eq!(run("x && A=1 && b \"$A\""), ["0 x", "&&0 ", "&&0 b 1"]);
    assert_eq!(run("for V in 1 2; do b \"$V\"; done"), ["do1 b ?"]);
    assert_eq!(run("read V; b \"$V\""), ["0 read V", ";0 b ?"]);
    assert_eq!(run(". ./env; b \"$V\""), ["0 . ./env", ";0 b ?"]);
    assert_eq!(run("export V=2 && b \"$V\""), ["0 export V=2", "&&0 b 2"]);
    assert_eq!(run("V=2 b \"$V\""), ["0 b 1.2"]);
}

#[test]
fn options_in_force() {
    assert_eq!(
        run("a; set -eo pipefail; b; (set +e; c); d"),
        ["0 a", ";0 set -eo pipefail", ";0 b errexit pipefail", "(1 set +e errexit pipefail", ";1 c pipefail", ";0 d errexit pipefail"]
    );
    assert_eq!(commands("FROM a\nSHELL [\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN a\n"), ["0 a errexit pipefail"]);
    assert_eq!(commands("FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nFROM a\nRUN a\n"), ["0 a"]);
    assert_eq!(commands("FROM a AS b\nSHELL [\"/bin/bash\", \"-ec\"]\nFROM b\nRUN a\n"), ["0 a errexit"]);
}

#[test]
fn programs_within_programs() {
    assert_eq!(run("bash -ec 'a; b'; c"), ["0 bash -ec a; b", "-c1 a errexit", ";1 b errexit", ";0 c"]);
    assert_eq!(commands("FROM a\nRUN bash <<EOF && c\na $V\nb\nEOF\n"), ["0 bash", "<<1 a ?", ";1 b", "&&0 c"]);
    assert_eq!(commands("FROM a\nRUN <<EOF\na\nif b; then c; fi\nEOF\n"), ["0 a", "if1 b condition", "then1 c"]);
    assert_eq!(commands("FROM a\nRUN <<-EOF\n\t#!/usr/bin/env -S bash -e\n\ta\n\tEOF\n"), ["0 a errexit"]);
    assert_eq!(commands("FROM a\nCMD [\"/bin/sh\", \"-c\", \"a && b\"]\n"), ["0 a", "&&0 b"]);
    assert_eq!(commands("FROM a\nENTRYPOINT [\"tini\", \"--\", \"/opt/app\", \"$X\"]\n"), ["0 (tini --) /opt/app $X"]);
    assert_eq!(commands("FROM a\nHEALTHCHECK CMD a || exit 1\n"), ["0 a condition", "||0 exit 1"]);
    assert_eq!(commands("FROM a\nONBUILD RUN a\n"), [""; 0]);
}

#[test]
fn what_is_not_read_is_unknown() {
    for source in [
        "FROM a\nSHELL [\"powershell\", \"-command\"]\nRUN a\n",
        "# escape=`\nFROM a\nRUN a\n",
        "FROM mcr.microsoft.com/windows/nanoserver:1809\nRUN a\n",
        "FROM a\nRUN <<EOF\n#!/usr/bin/python3\nprint(1)\nEOF\n",
        "FROM a\nRUN a &&\n",
    ] {
        let parsed = support::parse(source);
        let root = parsed.document.doc().root();
        let script = instructions(root).into_iter().find_map(|node| at(node, &["script", "commands"])).unwrap();
        assert_eq!(script.kind(), Kind::Unknown, "{source}");
        assert!(parsed.problems.is_empty(), "{source}");
    }
    let parsed = support::parse("FROM a\nRUN bash -c \"$X\"\n");
    let list = instructions(parsed.document.doc().root()).into_iter().find_map(|node| at(node, &["script", "commands"])).unwrap();
    assert!(list.flags().has(Flags::OPEN));
}

#[test]
fn places_lead_back_through_continuations() {
    let source = "FROM a\nRUN apt-get \\\n  # why\n  update && \\\n  sudo apt-\\\nget install x\n";
    let parsed = support::parse(source);
    let commands = instructions(parsed.document.doc().root()).into_iter().find_map(|node| at(node, &["script", "commands"])).unwrap();
    let shown: Vec<_> = commands.children().map(|command| (text(command, "name").unwrap(), command.source_text())).collect();
    assert_eq!(shown, [("apt-get", "apt-get \\\n  # why\n  update"), ("apt-get", "sudo apt-\\\nget install x")]);
}
