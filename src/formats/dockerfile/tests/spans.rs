//! Properties of spans, over probes, generated files and the corpus: each lies in its source, an instruction holds what belongs to it, and
//! the text at a value's place reads as the value.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_document::{Flags, Kind, Node};
use support::generate::{self, Random};
use support::probes::PROBES;

/// Keys whose text stands in the source, give or take quotes, escapes and joined lines.
const WRITTEN: [&str; 10] = ["text", "value", "key", "sources", "destination", "values", "words", "alias", "reference", "content"];

/// Without what reading takes away: quotes, escapes, blanks (joined lines, stripped tabs) and comment lines of a continuation.
fn plain(text: &str) -> String {
    let lines = text.split('\n').enumerate().filter(|(number, line)| *number == 0 || !line.trim_start().starts_with('#'));
    lines.flat_map(|(_, line)| line.chars()).filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '"' | '\\' | '`')).collect()
}

fn check(source: &str) {
    let parsed = support::parse(source);
    let mut left = vec![(parsed.document.doc().root(), "")];
    while let Some((node, list_key)) = left.pop() {
        let span = node.span();
        if !node.is_ref() {
            let inside = span.start <= span.end && source.get(span.start as usize..span.end as usize).is_some();
            assert!(inside, "{node:?} at {span:?} is outside of its source\n{source}");
        }
        if let Some(at) = node.key_span() {
            let written = &source[at.start as usize..at.end as usize];
            assert!(written.eq_ignore_ascii_case(node.key()), "{} is not where it says\n{source}", node.key());
        }
        let key = if node.key().is_empty() { list_key } else { node.key() };
        let read = plain(node.source_text());
        if let Some(value) = node.as_str().filter(|_| WRITTEN.contains(&key) && !node.is_ref())
            // A variable's value, JSON escapes and a shell's own escapes stand for other text.
            && !node.flags().has(Flags::FROM_VARIABLE)
            && !node.source_text().contains(['\\', '$'])
            // A working directory in force is joined to the one before it.
            && node.parent().is_none_or(|parent| parent.key() != "sets")
            // The text of an exec form is made of its elements.
            && !(key == "text" && node.parent().is_some_and(|script| support::text(script, "dialect") == Some("exec")))
        {
            let holds = if key == "content" || key == "text" {
                read.contains(&plain(value)) || comments_differ(value)
            } else {
                read == plain(value) || read.contains(&plain(value))
            };
            assert!(holds, "{key} is {value:?}, its place says {:?}\n{source}", node.source_text());
        }
        if node.is_ref() {
            continue;
        }
        left.extend(node.children().map(|child| (child, key)));
    }
    for instruction in support::instructions(parsed.document.doc().root()) {
        within(instruction, instruction, source);
    }
    for comment in &parsed.comments {
        let text = parsed.document.doc().slice(comment.at);
        assert!(text.starts_with('#') && !text.contains('\n'), "{text:?} is no comment\n{source}");
        assert!(comment.covers.is_none_or(|covers| covers.end > comment.at.start), "a comment covers what is before it\n{source}");
    }
}

/// A line of a program that starts with `#` is kept in its text, and left out of what is compared.
fn comments_differ(value: &str) -> bool {
    value.lines().any(|line| line.trim_start().starts_with('#'))
}

/// What is written in an instruction lies in it; facts may point elsewhere.
fn within(instruction: Node<'_>, node: Node<'_>, source: &str) {
    for child in node.children().filter(|child| !child.is_ref() && child.key() != "facts") {
        assert!(instruction.span().contains(child.span()), "{child:?} lies outside of {instruction:?}\n{source}");
        within(instruction, child, source);
    }
}

#[test]
fn probes() {
    for source in PROBES {
        check(source);
    }
}

#[test]
fn generated() {
    let mut random = Random::new(5);
    for _ in 0..3_000 {
        check(&generate::file(&mut random));
    }
}

#[test]
fn corpus() {
    for source in support::corpus().unwrap_or_default() {
        check(&source);
    }
}

/// Cutting a valid file anywhere, or doubling any byte of it, gives problems and no panic.
#[test]
fn damaged_files_are_read() {
    for source in PROBES {
        for at in source.char_indices().map(|(at, _)| at) {
            check(&source[..at]);
            check(&source[at..]);
        }
    }
}

#[test]
fn hostile_sizes_end_quickly() {
    let started = std::time::Instant::now();
    let many = |line: &str, times: usize| line.repeat(times);
    let cases = [
        format!("FROM a\n{}", many("ENV A=1\n", 50_000)),
        format!("FROM a\n{}", (0..30_000).map(|n| format!("ENV V{n}=$V{}\n", n / 2)).collect::<Vec<_>>().concat()),
        (0..20_000).map(|n| format!("FROM s{} AS s{n}\nENV A{n}=1\n", n.max(1) - 1)).collect::<Vec<_>>().concat(),
        format!("FROM a\nRUN {}", many("(", 100_000)),
        format!("FROM a\nRUN {}b", many("a && ", 100_000)),
        format!("FROM a\nRUN {}", many("a; ", 20_000)),
        format!("FROM a\nRUN {}\n", "x".repeat(1 << 20)),
        format!("FROM a\nRUN x {}\n", many("\\\n y", 100_000)),
        format!("FROM a\nCMD {}", many("[", 60_000)),
        format!("FROM a\nUSER {}", many("${a:-", 10_000)),
        format!("FROM a\nRUN {}\n", many("<<A ", 5_000)),
        format!("FROM a\n{}", many("RUN <<A\n", 20_000)),
        format!("FROM a\n{}", many("COPY --from=x a b\n", 20_000)),
        many("# comment\n", 100_000),
        many("FOO\n", 100_000),
        format!("FROM a\nENV A={}\nUSER ${{A/{}/}}\n", "a".repeat(30_000), "*a".repeat(1_000)),
        "\0".repeat(100_000),
        many("{{", 50_000),
    ];
    for source in &cases {
        let parsed = support::parse(source);
        assert_ne!(parsed.document.doc().root().kind(), Kind::Null);
    }
    // Seconds in a debug build on a busy machine; a quadratic step would take minutes.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
