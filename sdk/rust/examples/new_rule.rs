//! Starts a rule: `cargo run --release -p plimsoll-sdk --example new_rule docker/example` writes its Markdown file, its Rust file, and its id into
//! the list of frozen ids. What it writes builds and passes; change it into the rule that is wanted.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// What a target's template is made of: what is judged, its view, the condition, the place, and the examples' language, a firing and a silent one.
struct Template {
    target: &'static str,
    judged: &'static str,
    view: &'static str,
    condition: &'static str,
    place: &'static str,
    language: &'static str,
    fires: (u32, &'static str),
    silent: &'static str,
}

const TEMPLATES: [Template; 4] = [
    Template {
        target: "docker",
        judged: "stage",
        view: "Stage",
        condition: "stage.from().image().name().is(\"example\").is_true()",
        place: "stage.from()",
        language: "dockerfile",
        fires: (1, "FROM example:1.4\n"),
        silent: "FROM debian:12.7\n",
    },
    Template {
        target: "compose",
        judged: "service",
        view: "Service",
        condition: "service.facts().image().name().is(\"example\").is_true()",
        place: "service.image()",
        language: "yaml",
        fires: (3, "services:\n  web:\n    image: example:1.4\n"),
        silent: "services:\n  web:\n    image: registry.example.com/web:1.4\n",
    },
    Template {
        target: "kubernetes",
        judged: "container",
        view: "Container",
        condition: "container.name().is(\"example\").is_true()",
        place: "container.name()",
        language: "yaml",
        fires: (7, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: example\n      image: web:1.4\n"),
        silent: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web:1.4\n",
    },
    Template {
        target: "terraform",
        judged: "resource",
        view: "Resource",
        condition: "resource.name().is(\"example\").is_true()",
        place: "resource",
        language: "terraform",
        fires: (1, "resource \"aws_s3_bucket\" \"example\" {\n}\n"),
        silent: "resource \"aws_s3_bucket\" \"logs\" {\n}\n",
    },
];

fn main() -> ExitCode {
    let Some(id) = std::env::args().nth(1) else {
        eprintln!("name the rule: TARGET/NAME, as in docker/example");
        return ExitCode::from(2);
    };
    match start(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").as_path(), &id) {
        Ok(paths) => {
            for path in paths {
                println!("{path}");
            }
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the files of a rule below `root`, and gives their paths.
fn start(root: &Path, id: &str) -> Result<Vec<String>, String> {
    let targets = TEMPLATES.map(|template| template.target).join(", ");
    let (target, name) = id.split_once('/').ok_or_else(|| format!("`{id}` is no id: write TARGET/NAME, with one of {targets}"))?;
    let template = TEMPLATES
        .iter()
        .find(|template| template.target == target)
        .ok_or_else(|| format!("unknown target `{target}`, expected one of {targets}"))?;
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !plain || name.ends_with('-') {
        return Err(format!("`{name}` is no name of a rule: use small letters, digits and dashes, as in `user-root`"));
    }
    let page = format!("rules/{target}/{name}.md");
    let code = format!("plugins/{target}/src/rules/{}.rs", name.replace('-', "_"));
    for path in [&page, &code] {
        if root.join(path).exists() {
            return Err(format!("{path} exists already"));
        }
    }
    write(root, &page, &markdown(template))?;
    write(root, &code, &rust(template))?;
    let list = "tests/rule-ids.txt";
    let known = fs::read_to_string(root.join(list)).map_err(|error| format!("failed to read {list}: {error}"))?;
    let mut ids: Vec<&str> = known.lines().chain([id]).collect();
    ids.sort_unstable();
    write(root, list, &(ids.join("\n") + "\n"))?;
    Ok(vec![page, code, list.to_owned()])
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), String> {
    fs::write(root.join(path), text).map_err(|error| format!("failed to write {path}: {error}"))
}

fn markdown(template: &Template) -> String {
    let Template { judged, language, fires: (line, firing), silent, .. } = template;
    format!(
        "---\ntitle: What is wrong, in a few words\nseverity: medium\nprofile: recommended\nfix: none\nsince: 0.1.0\nfor: {judged}\n---\n\
         What is wrong, in one or two sentences.\n\nWhy it matters.\n\nHow to mend it. When to leave it.\n\n## Examples\n\n\
         ### What is wrong\n```{language} fires={line}\n{firing}```\n\n### What looks alike and is not\n```{language}\n{silent}```\n"
    )
}

fn rust(template: &Template) -> String {
    let Template { target, judged, view, condition, place, .. } = template;
    format!(
        "use plimsoll_sdk::{target}::{{Report, {view}}};\n\npub fn check({judged}: {view}, report: &mut Report) {{\n    if {condition} {{\n        \
         report.at({place}).message(\"name the thing and its value\");\n    }}\n}}\n"
    )
}
