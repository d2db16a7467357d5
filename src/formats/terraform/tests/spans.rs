//! Spans: what stands at a literal's site is that literal, wherever it is nested and however it is written.

#![allow(clippy::unwrap_used, clippy::format_collect, clippy::format_push_string, reason = "a failing unwrap is a failing test")]

#[path = "support/random.rs"]
mod random;
mod support;

use hcl_edit::expr::Expression;
use plimsoll_document::Kind;
use random::Random;

const PIECES: &[&str] =
    &["a", "é", "𝄞", " ", "\\n", "\\\"", "\\\\", "\\u00e9", "$${", "%%{", "$", "%", "#", "//", "/*", "{", "}", "<<E", "0", "'"];

fn literal(random: &mut Random) -> String {
    match random.below(6) {
        0 => random.below(10_000).to_string(),
        1 => "true".to_owned(),
        2 => "<<-E\n      x\n        y ] }\n    E\n".to_owned(),
        3 => "-1.5".to_owned(),
        _ => {
            let pieces: String = (0..random.below(6)).map(|_| *random.of(PIECES)).collect();
            // `$` or `%` before a brace would open a template.
            let text = pieces.replace("$${", "\u{1}").replace("%%{", "\u{2}").replace("${", "$ {").replace("%{", "% {");
            format!("\"{}\"", text.replace('\u{1}', "$${").replace('\u{2}', "%%{"))
        }
    }
}

fn attribute(random: &mut Random, depth: usize, name: usize) -> String {
    let space = *random.of(&["", " ", "  ", "\t"]);
    let comment = *random.of(&["", " # c\n", "\n", "\r\n", " // d\n", "\n/* e */\n"]);
    let end = if comment.is_empty() { "\n" } else { comment };
    let heredoc = |value: &str| value.ends_with('\n');
    match random.below(if depth == 0 { 2 } else { 5 }) {
        0 | 1 => {
            let value = literal(random);
            if heredoc(&value) { format!("k{name}{space}={space}{value}") } else { format!("k{name}{space}={space}{value}{end}") }
        }
        2 => {
            let inner: String = (0..random.below(3)).map(|at| attribute(random, depth - 1, at)).collect();
            format!("b{name} {{\n{inner}}}{end}")
        }
        3 => {
            let items: Vec<String> = (0..random.below(4)).map(|_| literal(random)).filter(|value| !heredoc(value)).collect();
            format!("k{name} = [{space}{}{space}]{end}", items.join(&format!("{space},\n")))
        }
        _ => {
            let entries: String = (0..random.below(4)).map(|at| attribute(random, 0, at)).collect();
            format!("k{name} = {{\n{entries}}}{end}")
        }
    }
}

#[test]
fn literals_reread_as_their_values() {
    let mut random = Random(5);
    let mut literals = 0;
    for _ in 0..400 {
        let body: String = (0..random.below(6)).map(|at| attribute(&mut random, 3, at)).collect();
        let text = format!("{}resource \"a\" \"b\" {{\n{body}}}\n", random.of(&["", "\u{feff}", "# c\r\n", "\n\n"]));
        let parsed = support::main_tf(&text);
        assert_eq!(parsed.problems, [], "{text}");
        support::check_spans(&parsed);
        let body = support::at(&parsed.document, "resources/0/body").unwrap();
        let mut stack: Vec<_> = body.children().collect();
        while let Some(node) = stack.pop() {
            stack.extend(node.children());
            let written = node.source_text();
            if matches!(node.kind(), Kind::List | Kind::Map) {
                assert!(written.ends_with(['}', ']']), "{written:?}");
                continue;
            }
            literals += 1;
            // A heredoc's site ends with its marker, behind which the grammar wants a line break.
            let again: Expression = written.parse().unwrap_or_else(|error| panic!("{written:?}: {error}"));
            let same = match again {
                Expression::Bool(value) => node.as_bool() == Some(*value.value()),
                Expression::Number(value) => node.as_f64() == value.value().as_f64(),
                Expression::String(value) => node.as_str() == Some(value.value()),
                Expression::HeredocTemplate(heredoc) => {
                    node.as_str()
                        == heredoc.template.as_single_element().and_then(|element| element.as_literal()).map(|text| text.value().as_str())
                }
                _ => false,
            };
            assert!(same, "{written:?} is {node:?}");
        }
    }
    assert!(literals > 1000, "{literals} literals");
}
