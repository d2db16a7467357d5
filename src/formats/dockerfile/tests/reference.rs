//! Against BuildKit and `moby/patternmatcher`: what is refused, instructions with their lines and flags, heredocs, expansion, ignore files.
//!
//! The reference is the Go program of `tests/reference`, built once per test run. Without Go the tests are skipped, loudly; where `CI` is set
//! they fail instead.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../../tests/reference/ask.rs"]
mod ask;
mod support;

use ask::ask;
use plimsoll_dockerfile::ignore::Patterns;
use plimsoll_document::{Flags, Node};
use plimsoll_formats::ProblemKind;
use serde_json::{Value, json};
use support::generate::{self, Random};
use support::probes::{IGNORE_PATHS, IGNORE_PATTERNS, PROBES};
use support::{corpus, dump, parse};

/// Whether BuildKit would take the file, by what we found in it. It also refuses fragments, which we read as one stage.
fn accepted(parsed: &plimsoll_formats::Parsed) -> bool {
    let root = parsed.document.doc().root();
    let fragment = support::at(root, &["facts", "fragment"]).and_then(Node::as_bool) == Some(true);
    !fragment && !parsed.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Syntax | ProblemKind::Template))
}

/// Compares our reading of every text with BuildKit's.
fn compare(texts: &[String]) {
    let cases: Vec<Value> = texts.iter().map(|text| json!({ "text": text })).collect();
    let Some(answers) = ask::<_, Value>("dockerfile", &cases) else { return };
    let mut failures = vec![];
    for (text, answer) in texts.iter().zip(&answers) {
        let parsed = parse(text);
        let theirs = answer.get("instructions");
        if accepted(&parsed) != theirs.is_some() {
            failures.push(format!("accepted: {} by us, {answer} by BuildKit, {:?}\n{text}", accepted(&parsed), parsed.problems));
            continue;
        }
        let Some(theirs) = theirs.and_then(Value::as_array) else { continue };
        let mut ours = dump(text, &parsed);
        let mut theirs: Vec<_> = theirs.iter().map(|instruction| support::Shown::of(text, instruction)).collect();
        for (ours, theirs) in ours.iter_mut().zip(&mut theirs) {
            let open = ours.end.is_none() || theirs.end.is_none();
            if open {
                (ours.end, theirs.end) = (None, None);
            }
            // Where lines with nothing but a continuation come first, BuildKit counts from these, we from the keyword.
            if matches!(text.split('\n').nth(theirs.start - 1).map(str::trim), Some("\\" | "`")) {
                theirs.start = ours.start;
            }
        }
        if ours != theirs {
            let at = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(0);
            failures.push(format!("instruction {at}: {:?}\nBuildKit says {:?}\n{text}", ours.get(at), theirs.get(at)));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ\n\n{}", failures.len(), texts.len(), failures[..failures.len().min(8)].join("\n----\n"));
}

#[test]
fn fixtures_are_read_as_buildkit_reads_them() {
    compare(&PROBES.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
}

#[test]
fn generated_files_are_read_as_buildkit_reads_them() {
    let mut random = Random::new(3);
    compare(&(0..2_000).map(|_| generate::file(&mut random)).collect::<Vec<_>>());
}

#[test]
fn the_corpus_is_read_as_buildkit_reads_it() {
    let Some(texts) = corpus() else { return };
    compare(&texts);
}

/// Words expand as in BuildKit. Only where BuildKit's regular expressions would be needed do we say that we cannot tell.
#[test]
fn words_expand_as_in_buildkit() {
    let env = [("A", "alpha"), ("B", "a/b.c.d"), ("E", ""), ("L", "x y")];
    let mut random = Random::new(7);
    let mut cases = vec![];
    let mut ours = vec![];
    for number in 0..4_000 {
        let escape = if number % 5 == 0 { '`' } else { '\\' };
        let word = generate::word(&mut random, escape);
        let directive = if escape == '`' { "# escape=`\n" } else { "" };
        let set = env.iter().fold(String::new(), |set, (name, value)| set + &format!("ENV {name}=\"{value}\"\n"));
        let parsed = parse(&format!("{directive}FROM scratch\n{set}USER {word}\n"));
        let doc = parsed.document.doc();
        let user = support::instructions(doc.root()).into_iter().find(|node| support::text(*node, "keyword") == Some("USER"));
        let value = user.and_then(|node| support::at(node, &["value"]));
        ours.push(value.map(|node| node.as_str().map(str::to_owned)));
        cases.push(json!({ "word": word.trim(), "escape": escape.to_string(), "env": env.map(|(name, value)| format!("{name}={value}")) }));
    }
    let Some(answers) = ask::<_, Value>("dockerfile-expand", &cases) else { return };
    let mut failures = vec![];
    for ((case, ours), answer) in cases.iter().zip(&ours).zip(&answers) {
        let Some(ours) = ours else { continue };
        let theirs = answer.get("value").and_then(Value::as_str);
        let word = case["word"].as_str().unwrap();
        // `//` with a group reference or an empty match, and PATH, are left open on our side.
        let open = ours.is_none() && (word.contains("//") || word.contains("PATH"));
        if ours.as_deref() != theirs && !open {
            failures.push(format!("{word} (escape {}): {ours:?}, BuildKit says {answer}", case["escape"]));
        }
    }
    assert!(failures.is_empty(), "{} differ\n{}", failures.len(), failures[..failures.len().min(20)].join("\n"));
}

#[test]
fn ignore_files_exclude_what_they_do_in_moby() {
    let mut random = Random::new(11);
    let mut cases: Vec<(String, Vec<String>)> = IGNORE_PATTERNS
        .iter()
        .map(|pattern| ((*pattern).to_owned(), IGNORE_PATHS.iter().map(|path| (*path).to_owned()).collect()))
        .collect();
    for _ in 0..3_000 {
        cases.push((generate::ignore_file(&mut random), IGNORE_PATHS.iter().map(|path| (*path).to_owned()).collect()));
    }
    let inputs: Vec<Value> = cases.iter().map(|(file, paths)| json!({ "file": file, "paths": paths })).collect();
    let Some(answers) = ask::<_, Value>("dockerignore", &inputs) else { return };
    let mut failures = vec![];
    for ((file, paths), answer) in cases.iter().zip(&answers) {
        let (patterns, bad) = Patterns::parse(file);
        let Some(excluded) = answer.get("excluded").and_then(Value::as_array) else {
            if bad.is_empty() {
                failures.push(format!("{file:?}: fine for us, moby says {answer}"));
            }
            continue;
        };
        // moby compiles a pattern only when it comes to it, so that it may miss a bad one that we report.
        if !bad.is_empty() {
            continue;
        }
        for (path, theirs) in paths.iter().zip(excluded) {
            if patterns.excludes(path) != theirs.as_bool().unwrap() {
                failures.push(format!("{file:?} on {path}: moby says {theirs}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} differ\n{}", failures.len(), failures[..failures.len().min(30)].join("\n"));
}

#[test]
fn a_broken_instruction_opens_what_encloses_it() {
    let parsed = parse("FROM a\nUSER\nRUN x\n");
    let root = parsed.document.doc().root();
    assert!(root.flags().has(Flags::OPEN));
    let stage = support::at(root, &["stages"]).unwrap().children().next().unwrap();
    assert!(stage.flags().has(Flags::OPEN));
    assert_eq!(support::instructions(root).len(), 2);
}
