//! Rules as Markdown: front matter, prose, examples, and the condition in it compiled.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_condition::{CompiledRule, compile::compile};
use plimsoll_rulebook::{Logic, Rule, RuleError};

fn check_errors(errors: &[RuleError], lines: u32) {
    assert!(!errors.is_empty(), "refused without a cause");
    assert!(errors.is_sorted(), "faults are in order");
    for error in errors {
        assert!(error.line <= lines, "line {} of {lines}: {}", error.line, error.cause);
        assert!(!error.cause.is_empty());
    }
}

fn check(path: &str, target: Option<&str>, text: &str) {
    let lines = text.matches('\n').count() as u32 + 1;
    let parsed = Rule::parse(path, target, text);
    assert_eq!(parsed, Rule::parse(path, target, text), "two readings of one text differ");
    let rule = match parsed {
        Ok(rule) => rule,
        Err(errors) => return check_errors(&errors, lines),
    };
    assert!(!rule.examples.is_empty() && path.ends_with(&format!("{}.md", rule.name())));
    for example in &rule.examples {
        for file in &example.files {
            assert!(file.line <= lines && file.fires.is_sorted());
        }
    }
    let Logic::Condition(source) = &rule.logic else { return };
    match compile(source) {
        Ok(compiled) => {
            let bytes = compiled.encode();
            assert_eq!(CompiledRule::decode(&bytes).expect("what was compiled is loaded").encode(), bytes);
        }
        Err(errors) => {
            for error in errors {
                assert!(error.line <= lines && !error.message.is_empty(), "line {} of {lines}: {}", error.line, error.message);
            }
        }
    }
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    check("policy/acme/some-rule.md", None, text);
    for target in ["docker", "terraform"] {
        check(&format!("rules/{target}/some-rule.md"), Some(target), text);
    }
    Corpus::Keep
});
