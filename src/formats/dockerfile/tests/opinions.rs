//! Second opinions: other parsers of Dockerfiles and shells over the corpus. None is an authority (BuildKit is, see `reference.rs`); a
//! difference that no known class explains is looked into.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_document::{Kind, Node};
use plimsoll_formats::Parsed;
use support::{corpus, instructions, text};

/// Files that BuildKit takes, as far as we can tell.
fn accepted() -> Option<Vec<(String, Parsed)>> {
    let parsed = corpus()?.into_iter().map(|source| {
        let parsed = support::parse(&source);
        (source, parsed)
    });
    let whole = |parsed: &Parsed| {
        let fragment = support::at(parsed.document.doc().root(), &["facts", "fragment"]).and_then(Node::as_bool);
        parsed.problems.is_empty() && fragment == Some(false)
    };
    Some(parsed.filter(|(_, parsed)| whole(parsed)).collect())
}

/// `parse-dockerfile`: the same keywords at the same places.
#[test]
fn parse_dockerfile_sees_the_same_instructions() {
    use parse_dockerfile::Instruction;
    let Some(files) = accepted() else { return };
    let mut differences = vec![];
    for (source, parsed) in &files {
        let ours: Vec<(usize, String)> = instructions(parsed.document.doc().root())
            .into_iter()
            .map(|node| (node.span().start as usize, text(node, "keyword").unwrap().to_owned()))
            .collect();
        // It reads one heredoc per RUN, as the first word; its offsets are shifted behind a byte order mark.
        let explained = source.contains("<<") || source.starts_with('\u{feff}');
        let theirs = match parse_dockerfile::parse(source) {
            Ok(file) => file,
            Err(cause) => {
                if !explained {
                    differences.push(format!("{cause}\n{source}"));
                }
                continue;
            }
        };
        let place = |instruction: &Instruction<'_>| {
            let span = match instruction {
                Instruction::Add(i) => i.add.span.clone(),
                Instruction::Arg(i) => i.arg.span.clone(),
                Instruction::Cmd(i) => i.cmd.span.clone(),
                Instruction::Copy(i) => i.copy.span.clone(),
                Instruction::Entrypoint(i) => i.entrypoint.span.clone(),
                Instruction::Env(i) => i.env.span.clone(),
                Instruction::Expose(i) => i.expose.span.clone(),
                Instruction::From(i) => i.from.span.clone(),
                Instruction::Healthcheck(i) => i.healthcheck.span.clone(),
                Instruction::Label(i) => i.label.span.clone(),
                Instruction::Maintainer(i) => i.maintainer.span.clone(),
                Instruction::Onbuild(i) => i.onbuild.span.clone(),
                Instruction::Run(i) => i.run.span.clone(),
                Instruction::Shell(i) => i.shell.span.clone(),
                Instruction::Stopsignal(i) => i.stopsignal.span.clone(),
                Instruction::User(i) => i.user.span.clone(),
                Instruction::Volume(i) => i.volume.span.clone(),
                Instruction::Workdir(i) => i.workdir.span.clone(),
                _ => return (0, String::new()),
            };
            (span.start, source[span].to_ascii_uppercase())
        };
        let theirs: Vec<_> = theirs.instructions.iter().map(place).collect();
        if ours != theirs && !explained {
            differences.push(format!("{ours:?}\n{theirs:?}\n{source}"));
        }
    }
    assert!(differences.is_empty(), "{} of {} differ\n{}", differences.len(), files.len(), differences[0]);
}

/// `dockerfile-parser`: where it takes a file, it sees as many instructions.
#[test]
fn dockerfile_parser_counts_the_same_instructions() {
    let Some(files) = accepted() else { return };
    let mut differences = vec![];
    let mut refused = 0;
    for (source, parsed) in &files {
        let Ok(theirs) = dockerfile_parser::Dockerfile::parse(source) else {
            // Exec form of COPY and ADD, the escape directive, heredocs, comments inside continuations, empty and escaped values, mixed LABEL
            // forms: it knows none of them.
            refused += 1;
            continue;
        };
        let ours = instructions(parsed.document.doc().root()).len();
        // It takes the lines of a heredoc for instructions of their own, and joins what the escape directive separates.
        let explained = source.contains("<<") || source.to_ascii_lowercase().contains("escape=");
        if theirs.instructions.len() != ours && !explained {
            differences.push(format!("{ours} ours, {} theirs\n{source}", theirs.instructions.len()));
        }
    }
    assert!(differences.is_empty(), "{} of {} differ\n{}", differences.len(), files.len(), differences[0]);
    assert!(refused < files.len() * 2 / 3, "it refuses {refused} of {}", files.len());
}

/// Commands outside of substitutions and of `sh -c`, which the other parsers keep inside words; `[[` is no simple command.
fn simple_commands(commands: Node<'_>) -> usize {
    let mut count = 0;
    let mut inside: Option<f64> = None;
    let mut covered = 0;
    for command in commands.children() {
        let depth = support::at(command, &["depth"]).and_then(Node::as_f64).unwrap();
        let operator = text(command, "operator").unwrap_or_default();
        let opens = matches!(operator, "$(" | "`" | "<(" | ">(" | "-c" | "<<");
        let construct = matches!(operator, "(" | "{" | "if" | "while" | "until" | "do" | "then" | "else" | "elif" | "case");
        if inside.is_some_and(|inner| depth < inner || (depth - inner).abs() < 0.5 && construct && command.span().start >= covered) {
            inside = None;
        }
        if inside.is_none() && opens {
            inside = Some(depth);
        }
        if inside.is_some() {
            continue;
        }
        covered = command.span().end;
        count += usize::from(text(command, "name") != Some("[["));
    }
    count
}

/// Every shell program of the corpus that we parse, with the number of its simple commands.
fn programs() -> Vec<(String, usize)> {
    let mut found = vec![];
    for source in corpus().unwrap_or_default() {
        let parsed = support::parse(&source);
        for instruction in instructions(parsed.document.doc().root()) {
            let Some(script) = support::at(instruction, &["script"]) else { continue };
            let commands = support::at(script, &["commands"]).unwrap();
            if commands.kind() == Kind::List && text(script, "dialect") != Some("exec") {
                found.push((text(script, "text").unwrap().to_owned(), simple_commands(commands)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// `rable` overflows the stack on long lists: its tree leans to the left.
const RABLE_MOST: usize = 500;

#[test]
fn rable_counts_the_same_commands() {
    let mut differences = vec![];
    let programs = programs();
    for (program, count) in programs.iter().filter(|(_, count)| *count < RABLE_MOST) {
        let Ok(nodes) = rable::parse(program, false) else {
            differences.push(format!("refused by rable\n{program}"));
            continue;
        };
        let theirs: usize = nodes.iter().map(|node| node.to_string().matches("(command ").count()).sum();
        // Its output shows the commands of a substitution again inside words.
        let explained = program.contains("$(") || program.contains('`') || program.contains("<(");
        if theirs != *count && !(explained && theirs > *count) {
            differences.push(format!("{count} ours, {theirs} rable's\n{program}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {} differ\n{}",
        differences.len(),
        programs.len(),
        differences[..differences.len().min(5)].join("\n----\n")
    );
}

#[test]
fn brush_counts_the_same_commands() {
    let mut differences = vec![];
    let programs = programs();
    let options = brush_parser::ParserOptions::default();
    for (program, count) in &programs {
        let parsed = brush_parser::Parser::new(program.as_bytes(), &options).parse_program();
        let Ok(parsed) = parsed else {
            // A heredoc's body is no part of the text that BuildKit joins; brush wants it.
            if program.contains("<<") && !program.contains('\n') {
                continue;
            }
            differences.push(format!("refused by brush\n{program}"));
            continue;
        };
        let theirs = format!("{parsed:?}").matches("Simple(SimpleCommand").count();
        if theirs != *count {
            differences.push(format!("{count} ours, {theirs} brush's\n{program}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {} differ\n{}",
        differences.len(),
        programs.len(),
        differences[..differences.len().min(5)].join("\n----\n")
    );
}
