//! Shell programs, as the body of a RUN and as that of its heredoc.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_dockerfile::Input;
use plimsoll_document::{Kind, Node};
use plimsoll_formats::{NoFiles, Parsed};
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::keys;

/// Operators that the schema names.
const OPERATORS: [&str; 6] = ["&&", "||", ";", "|", "|&", "&"];

fn parse(text: &str) -> Parsed {
    plimsoll_dockerfile::parse(&Input { path: "Dockerfile", text, context: None, shipped: &[], args: &[], keys: keys(), files: &NoFiles })
}

fn check(text: &str) {
    let parsed = parse(text);
    document::check(&parsed, &parse(text));
    let root = parsed.document.doc().root();
    let Some(run) = root.get_text("stages").known().and_then(|stages| stages.children().next()).and_then(|stage| {
        let list = stage.get_text("instructions").known()?;
        list.children().next()
    }) else {
        return;
    };
    document::within(run, run);
    let commands = run.get_text("script").known().and_then(|script| script.get_text("commands").known());
    for command in commands.into_iter().flat_map(Node::children) {
        document::within(command, command);
        let operator = command.get_text("operator").known().and_then(Node::as_str).unwrap_or(";");
        let construct =
            operator.bytes().all(|byte| byte.is_ascii_lowercase()) || operator.ends_with(['(', '{', '`', '!']) || operator == "-c";
        assert!(OPERATORS.contains(&operator) || construct, "{operator:?} is no operator");
        let words = command.get_text("words").known();
        let plain = words.filter(|words| words.kind() == Kind::List && !words.is_empty()).is_some();
        let assigned = command.get_text("assignments").known().is_some();
        let redirected = command.get_text("redirects").known().is_some();
        let wrapped = command.get_text("wrappers").known().is_some();
        assert!(plain || assigned || redirected || wrapped, "{command:?} is a command of nothing: {:?}", command.source_text());
    }
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(body) = std::str::from_utf8(data) else { return Corpus::Reject };
    check(&format!("FROM a\nRUN {body}"));
    check(&format!("FROM a\nRUN <<'FUZZ'\n{body}\nFUZZ\n"));
    check(&format!("# escape=`\nFROM a\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN {body}"));
    Corpus::Keep
});
