//! What is read from a rule's file, and how its faults are told.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_finding::{Applicability, Profile, Severity};
use plimsoll_rulebook::{Logic, Rule, metadata};

const WHOLE: &str = "---
title: A title
severity: high
profile: strict
fix: safe
aliases: [\"hadolint:DL3002\"]
cwe: [250, 269]
since: 0.1.0
for: instruction RUN, COPY
options:
  allow: {type: \"list<string>\", default: [a], doc: Allowed.}
---
What is wrong.

Why:

```sh
not an example
```

## Examples

### Fires
```dockerfile fires=2,2
FROM a
RUN x
```
```text file=sub/other.txt
y
```
```dockerfile fixed=safe
FROM a
```

### Silent
```dockerfile
FROM a
```
```toml file=plimsoll.toml
[rules.\"docker/some-rule\"]
allow = [\"b\"]
```
";

fn faults(text: &str) -> Vec<String> {
    let faults = Rule::parse("rules/docker/some-rule.md", Some("docker"), text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_rule_is_read() {
    let rule = Rule::parse("rules/docker/some-rule.md", Some("docker"), WHOLE).unwrap();
    assert_eq!(rule.meta.id, "docker/some-rule");
    assert_eq!((rule.meta.severity, rule.meta.profile, rule.meta.fix), (Severity::High, Profile::Strict, Some(Applicability::Safe)));
    assert_eq!(*rule.meta.cwe, [250, 269]);
    assert!(rule.meta.doc.starts_with("What is wrong.") && rule.meta.doc.ends_with("```"), "{}", rule.meta.doc);
    assert_eq!(rule.judged.only, Some(("keyword".to_owned(), vec!["RUN".to_owned(), "COPY".to_owned()])));
    assert_eq!(rule.logic, Logic::Function);
    let fires = &rule.examples[0];
    assert_eq!(fires.files[0].fires, [2, 2]);
    assert_eq!(fires.files[0].fixed, Some((Applicability::Safe, "FROM a\n".to_owned())));
    assert_eq!(fires.files[1].name, "sub/other.txt");
    let settings = plimsoll_rulebook::examples::settings(&rule.examples[1]).unwrap();
    assert_eq!(settings, r#"{"docker/some-rule":{"allow":["b"]}}"#);
}

#[test]
fn metadata_comes_back_as_it_went() {
    let rule = Rule::parse("rules/docker/some-rule.md", Some("docker"), WHOLE).unwrap();
    assert_eq!(metadata::read("docker", "docker/some-rule", &metadata::write(&rule)), Ok(rule.meta));
    assert_eq!(metadata::read("acme", "x", r#"{"title": "T", "target": "docker"}"#).unwrap().id, "acme/x");
    assert!(metadata::read("acme", "x", r#"{"title": 1, "target": "docker"}"#).is_err());
}

#[test]
fn a_condition_knows_its_lines() {
    let text = WHOLE
        .replace("for: instruction RUN, COPY\n", "for: stage\nrequire: |\n  self.name != 'x'\nmessage: bad\nat: /name\n")
        .replace("since: 0.1.0\n", "ops:\n  - {remove: /name}\n");
    let Logic::Condition(source) = Rule::parse("rules/docker/some-rule.md", Some("docker"), &text).unwrap().logic else { panic!() };
    let line = |needle: &str| text.lines().position(|line| line.contains(needle)).unwrap() as u32 + 1;
    assert_eq!((source.require.line, source.require.value.as_str()), (line("self.name"), "self.name != 'x'\n"));
    assert_eq!(source.message.unwrap().line, line("message: bad"));
    assert_eq!(source.ops[0].line, line("remove:"));
    assert!(source.safe);
}

#[test]
fn a_misspelled_op_is_the_only_fault() {
    let text = WHOLE
        .replace("for: instruction RUN, COPY\n", "for: stage\nrequire: self.name != 'x'\n")
        .replace("since: 0.1.0\n", "ops: [{set: /name, value: y}]\n");
    let found = faults(&text);
    assert!(matches!(&found[..], [fault] if fault.contains("unknown key `value` in an op, expected `to` or one of set")), "{found:#?}");
}

#[test]
fn faults_name_file_line_and_cause() {
    let cases = [
        ("severity: high", "severity: bad", ":3: unknown severity `bad`"),
        ("profile: strict", "profiel: strict", ":4: unknown front matter key `profiel`"),
        ("fix: safe", "fix: maybe", ":5: unknown fix `maybe`"),
        ("hadolint:DL3002", "DL3002", ":6: `DL3002` in `aliases`: a peer's rule is spelled `peer:ID`"),
        ("[250, 269]", "[x]", ":7: `x` in `cwe` is not a number"),
        ("for: instruction RUN", "for: instrucion RUN", ":9: `for: instrucion` names no type of docker"),
        ("default: [a]", "default: 3", ":11: option `allow` has a default that is no list<string>"),
        ("fires=2,2", "fires=9", ":24: `fires=9`: the file has 2 lines"),
        ("fires=2,2", "fire=2", ":24: `fire=2` in a fence's info string"),
        ("fixed=safe", "fixed=safe file=b", ":31: this says how `b` looks once fixed"),
        ("title: A title\n", "", ":1: front matter lacks `title`"),
        ("---\ntitle", "title", ":1: a rule starts with front matter"),
    ];
    for (from, to, wanted) in cases {
        let found = faults(&WHOLE.replacen(from, to, 1));
        assert!(found.iter().any(|fault| fault.contains(wanted)), "{wanted}: {found:#?}");
    }
}

#[test]
fn examples_must_fire_stay_silent_and_be_fixed() {
    let without = |from: &str| faults(&WHOLE.replacen(from, "", 1)).join("\n");
    assert!(without(" fires=2,2").contains("a firing example is missing"));
    assert!(without("```dockerfile fixed=safe\nFROM a\n```\n").contains("needs a fixed example"));
    let silent = WHOLE.find("### Silent").unwrap();
    assert!(faults(&WHOLE[..silent]).join("\n").contains("a silent example is missing"));
    assert!(faults(&WHOLE.replace("fix: safe", "fix: none")).join("\n").contains("a fixed example needs"));
}

#[test]
fn the_id_is_kebab_case() {
    for path in ["rules/docker/SomeRule.md", "rules/docker/some_rule.md", "rules/docker/-x.md"] {
        assert!(Rule::parse(path, Some("docker"), WHOLE).is_err(), "{path}");
    }
}

#[test]
fn a_users_rule_says_its_target() {
    let path = "policy/acme/some-rule.md";
    assert!(Rule::parse(path, None, WHOLE).unwrap_err()[0].cause.contains("lacks `target"));
    let rule = Rule::parse(path, None, &WHOLE.replace("title:", "target: docker\ntitle:")).unwrap();
    assert_eq!((&*rule.meta.plugin, &*rule.meta.target), ("acme", "docker"));
}

#[test]
fn no_text_makes_the_reader_panic() {
    for end in 0..WHOLE.len() {
        if WHOLE.is_char_boundary(end) {
            _ = Rule::parse("rules/docker/some-rule.md", Some("docker"), &WHOLE[..end]);
        }
    }
    for text in ["", "---", "---\n---\n", "---\n- a\n---\n", "---\na: *b\n---\n", "---\n{[\n---\n", "---\na: b\na: c\n---\n"] {
        assert!(Rule::parse("rules/docker/some-rule.md", Some("docker"), text).is_err(), "{text:?}");
    }
}

#[test]
fn a_carriage_return_alone_is_no_line_of_its_own() {
    let text = WHOLE.replace("title: A title\n", "# a\r# b\r# c\ntitle: A title\nmessage;: x\n");
    let errors = Rule::parse("rules/docker/x.md", Some("docker"), &text).unwrap_err();
    let told: Vec<(u32, bool)> = errors.iter().map(|error| (error.line, error.cause.contains("message;"))).collect();
    assert_eq!(told, [(4, true)], "{errors:?}");
}
