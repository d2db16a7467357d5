//! Configuration files as users write them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_config::{Config, Layer, Origin, Sourced, load, schema};
use plimsoll_finding::{OptionSpec, RuleMeta, Severity};
use std::path::Path;

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn one(text: &str) -> Config {
    let directory = project(&[("plimsoll.toml", text)]);
    load(&directory.path().join("plimsoll.toml"), directory.path())
}

fn messages(config: &Config) -> Vec<String> {
    let short = |origin: &Origin| match origin {
        Origin::File { line, column, .. } => format!("{line}:{column}"),
        other => other.to_string(),
    };
    config
        .problems
        .iter()
        .map(|problem| format!("{} {}{}", short(&problem.origin), if problem.error { "error: " } else { "" }, problem.message))
        .collect()
}

fn rule(id: &str, options: &[(&str, &str)]) -> RuleMeta {
    RuleMeta {
        options: options
            .iter()
            .map(|(name, ty)| OptionSpec {
                name: (*name).to_owned().into(),
                ty: (*ty).to_owned().into(),
                default: "null".into(),
                doc: "Doc.".into(),
            })
            .collect(),
        ..RuleMeta::new("docker".into(), id.to_owned().into(), "docker".into(), "Title".into())
    }
}

const EVERYTHING: &str = r#"
select = ["docker", "profile:strict"]
extend-select = "compose/privileged"
ignore = ["DL3008"]
fail-on = "medium"

[severity]
"docker/user-root" = "critical"

[files]
include = ["**/*.tf"]
exclude = ["testdata/"]
max-size = "2MB"
kinds = { "*.build" = "dockerfile" }

[rules]
path = ["policy/"]
[rules."docker/user-root"]
allow = ["app"]

[[overrides]]
paths = ["legacy/"]
ignore = ["docker"]
severity = { "docker/*" = "info" }

[[plugin]]
path = "plugins/acme.wasm"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

[[waiver]]
rules = ["docker/user-root"]
paths = ["old/Dockerfile"]
reason = "rewritten in May"
owner = "team"
until = 2027-01-31
ticket = "ABC-1"

[docker]
args = { VERSION = "1" }
contexts = { "svc/*/Dockerfile" = "." }
targets = { "Dockerfile" = "prod" }

[output]
format = "concise"
"#;

#[test]
fn every_key_is_read_without_a_complaint() {
    let config = one(EVERYTHING);
    assert_eq!(messages(&config), Vec::<String>::new());
    let layer = &config.layers[0];
    assert_eq!(layer.select.as_ref().unwrap().len(), 2);
    assert_eq!(layer.extend_select[0].value, "compose/privileged");
    assert_eq!(config.fail_on().value, Severity::Medium);
    assert_eq!(config.max_size().unwrap().value, 2 << 20);
    assert_eq!(config.options("docker/user-root")["allow"], serde_json::json!(["app"]));
    assert_eq!(config.waivers().next().unwrap().until.unwrap().to_string(), "2027-01-31");
    assert_eq!(config.docker_contexts().collect::<Vec<_>>(), [("svc/*/Dockerfile", ".")]);
    assert_eq!(config.kinds()[0].1, "dockerfile");
    assert_eq!(config.overrides().next().unwrap().severity[0].1, Severity::Info);
    assert_eq!(config.plugins().next().unwrap().path, Path::new("plugins/acme.wasm"));
    let select = &layer.select.as_ref().unwrap()[0].origin;
    let Origin::File { start, end, line: 2, column: 11, .. } = select else { panic!("{select:?}") };
    assert_eq!(&EVERYTHING[*start as usize..*end as usize], "\"docker\"");
}

#[test]
fn unknown_keys_warn_with_what_was_meant() {
    let config = one(
        "selcet = []\n[files]\nexlude = []\n[rules]\nfoo = 1\n[[waiver]]\nrules = [\"x\"]\npaths = [\"y\"]\nreason = \"z\"\nexpires = \"never\"\n",
    );
    assert_eq!(
        messages(&config),
        [
            "1:1 unknown key `selcet`, did you mean `select`?",
            "3:1 unknown key `files.exlude`, did you mean `exclude`?",
            "5:1 unknown key `rules.foo`: options stand under a rule's id, as in [rules.\"docker/user-root\"]",
            "10:1 unknown key `waiver.expires`",
        ]
    );
    assert!(!config.has_errors());
}

#[test]
fn wrong_types_are_errors_at_the_value() {
    let config = one(
        "select = 3\nignore = [\"a\", 4]\nfail-on = \"huge\"\n[[waiver]]\nrules = [\"x\"]\npaths = [\"y\"]\nreason = \"z\"\nuntil = \"soon\"\n",
    );
    assert_eq!(
        messages(&config),
        [
            "1:10 error: `select` must be a list of strings, not a number",
            "2:16 error: `ignore` must be a string, not a number",
            "3:11 error: unknown severity `huge`, expected info, low, medium, high or critical",
            "8:9 error: `waiver.until` must be a date such as 2027-01-31",
        ]
    );
    assert_eq!(config.waivers().count(), 0, "a malformed waiver waives nothing");
}

#[test]
fn broken_toml_is_one_error_with_its_place() {
    let config = one("select = [\n");
    assert!(config.has_errors());
    assert_eq!(config.problems.len(), 1);
    assert!(messages(&config)[0].contains("not valid TOML"), "{:?}", messages(&config));
}

#[test]
fn extended_files_lie_below_and_their_globs_stay_theirs() {
    let directory = project(&[
        ("plimsoll.toml", "extend = [\"org/base.toml\"]\nselect = [\"docker\"]\n"),
        ("org/base.toml", "select = [\"ALL\"]\nfail-on = \"high\"\n[files]\nexclude = [\"x/*.tf\", \"y\"]\n[rules]\npath = \"policy\"\n"),
    ]);
    let config = load(&directory.path().join("plimsoll.toml"), directory.path());
    assert_eq!(messages(&config), Vec::<String>::new());
    assert_eq!(config.layers.len(), 2);
    assert_eq!(config.fail_on().value, Severity::High);
    let exclude: Vec<_> = config.exclude().into_iter().map(|glob| glob.value).collect();
    assert_eq!(exclude, ["/org/x/*.tf", "/org/**/y"]);
    assert_eq!(config.rule_paths()[0].value, "org/policy");
    assert_eq!(config.effective()[0].value, "docker");
}

#[test]
fn extend_stays_inside_and_does_not_run_in_circles() {
    let outside = project(&[("base.toml", "")]);
    let named = outside.path().join("base.toml");
    let text = format!("extend = [\"{}\", \"a.toml\", \"absent.toml\"]", named.display());
    let directory = project(&[("plimsoll.toml", &text), ("a.toml", "extend = \"plimsoll.toml\"")]);
    let config = load(&directory.path().join("plimsoll.toml"), directory.path());
    let messages = messages(&config);
    assert!(messages[0].contains("leads outside the project"), "{messages:?}");
    assert!(messages[1].contains("in a circle"), "{messages:?}");
    assert!(messages[2].contains("cannot read `absent.toml`"), "{messages:?}");
    assert_eq!(messages.len(), 3);
}

#[test]
fn command_line_lies_on_top() {
    let layer = Layer { origin: Origin::CommandLine, fail_on: Some(Sourced::command_line(Severity::Critical)), ..Layer::default() };
    let config = one("fail-on = \"info\"\n").with(layer);
    assert_eq!(config.fail_on(), Sourced::command_line(Severity::Critical));
    let fail_on = config.effective().into_iter().find(|setting| setting.key == "fail-on").unwrap();
    assert_eq!((fail_on.value, fail_on.origin.to_string()), ("critical".into(), "command line".to_owned()));
}

#[test]
fn options_are_held_against_their_rules() {
    let rules = [rule("docker/user-root", &[("allow", "list<string>"), ("strict", "bool")])];
    let config = one("[rules.\"docker/user-root\"]\nallow = [\"a\"]\nstrict = 1\nalow = []\n[rules.\"docker/user-rot\"]\nx = 1\n");
    let problems: Vec<_> = config.check_options(&rules).into_iter().map(|problem| (problem.error, problem.message)).collect();
    assert_eq!(
        problems,
        [
            (true, "option `strict` of `docker/user-root` must be bool".to_owned()),
            (false, "rule `docker/user-root` has no option `alow`, did you mean `allow`?".to_owned()),
            (false, "no rule `docker/user-rot`, did you mean `docker/user-root`?".to_owned()),
        ]
    );
}

#[test]
fn schema_covers_every_rule_and_every_key_that_is_read() {
    let rules = [rule("docker/user-root", &[("allow", "list<string>")]), rule("docker/user-missing", &[])];
    let schema = schema(&rules);
    let properties = schema["properties"].as_object().unwrap();
    let set = one(EVERYTHING);
    for setting in set.effective() {
        let top = setting.key.split('.').next().unwrap();
        assert!(properties.contains_key(top), "{top} is read and not in the schema");
    }
    for rule in &rules {
        assert!(schema["properties"]["rules"]["properties"][&*rule.id].is_object());
    }
    assert_eq!(schema["properties"]["rules"]["properties"]["docker/user-root"]["properties"]["allow"]["type"], "array");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(select|ignore|files|rules|waiver|\\[|\\]|=|\"|\\.|\\n|[a-z0-9 é]){0,40}") {
        one(&text);
    }
}
