//! Projects read as compose-go reads them.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::print_stderr, reason = "figures for whoever runs it")]

#[path = "../../../../tests/reference/ask.rs"]
mod ask;
#[path = "support/compare.rs"]
mod compare;
#[path = "support/generate.rs"]
mod generate;
mod support;

use ask::ask;
use compare::{Comparison, Tally};
use serde_json::json;
use std::path::{Path, PathBuf};
use support::{Folder, corpus, parse};

fn compose_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || name == ".git" {
            continue;
        }
        if path.is_dir() {
            compose_files(&path, out);
        } else if plimsoll_compose::looks_like_name(&name)
            && !plimsoll_compose::is_override(&name)
            && std::fs::read_to_string(&path).is_ok_and(|text| plimsoll_compose::looks_like(&text))
        {
            out.push(path);
        }
    }
}

#[test]
fn the_corpus_loads_as_compose_loads_it() {
    let Some(corpus) = corpus() else { return };
    let mut projects = vec![];
    for repository in std::fs::read_dir(&corpus).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let mut files = vec![];
        compose_files(&repository.path(), &mut files);
        projects.extend(files.into_iter().map(|file| (repository.path(), file)));
    }
    let cases: Vec<_> = projects
        .iter()
        .map(|(root, file)| {
            let relative = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let mut files = vec![relative.clone()];
            files.extend(plimsoll_compose::overrides_of(&relative, &Folder(root.clone())));
            let names: Vec<_> = files.iter().map(|file| Path::new(file).file_name().unwrap().to_str().unwrap().to_owned()).collect();
            json!({ "directory": file.parent().unwrap(), "files": names })
        })
        .collect();
    let Some(answers) = ask::<_, serde_json::Value>("compose", &cases) else { return };
    let mut tally = Tally::default();
    let (mut loaded, mut refused) = (0, vec![]);
    for ((root, file), answer) in projects.iter().zip(&answers) {
        let relative = file.strip_prefix(root).unwrap().to_str().unwrap();
        let parsed = parse(relative, &Folder(root.clone()));
        if let Some(error) = answer["error"].as_str() {
            refused.push(format!("{}: {}", file.display(), error.lines().next().unwrap_or_default()));
            continue;
        }
        loaded += 1;
        for problem in &parsed.problems {
            tally.differences.push(format!("{}: {:?} {}", file.display(), problem.kind, problem.message));
        }
        Comparison { name: &file.display().to_string(), root, tally: &mut tally }.project(parsed.document.doc().root(), answer);
    }
    eprintln!(
        "{} projects, {loaded} load in compose-go, {} services, {} values equal, {} unknown here, {} differ",
        projects.len(),
        tally.services,
        tally.equal,
        tally.unknown,
        tally.differences.len()
    );
    for line in &refused {
        eprintln!("refused: {line}");
    }
    assert!(tally.differences.is_empty(), "{}", tally.differences.join("\n"));
    assert!(loaded > 50 && tally.equal > tally.unknown * 5);
}

#[test]
fn made_up_projects_load_as_compose_loads_them() {
    let folder = tempfile::tempdir().unwrap();
    // The reference resolves links in its own paths.
    let folder = folder.path().canonicalize().unwrap();
    let projects: Vec<_> = (0..400).map(generate::project).collect();
    let cases: Vec<_> = projects
        .iter()
        .enumerate()
        .map(|(seed, files)| {
            let root = folder.join(seed.to_string());
            files.write(&root);
            let mut names = vec!["compose.yaml"];
            names.extend(files.0.contains_key("compose.override.yaml").then_some("compose.override.yaml"));
            json!({ "directory": root, "files": names })
        })
        .collect();
    let Some(answers) = ask::<_, serde_json::Value>("compose", &cases) else { return };
    let mut tally = Tally::default();
    let mut loaded = 0;
    for (seed, (files, answer)) in projects.iter().zip(&answers).enumerate() {
        let parsed = parse("compose.yaml", files);
        if answer["error"].is_string() {
            continue;
        }
        loaded += 1;
        for problem in &parsed.problems {
            tally.differences.push(format!("seed {seed}: {:?} {}", problem.kind, problem.message));
        }
        let root = folder.join(seed.to_string());
        Comparison { name: &format!("seed {seed}"), root: &root, tally: &mut tally }.project(parsed.document.doc().root(), answer);
    }
    std::fs::remove_dir_all(&folder).unwrap();
    eprintln!("{loaded} load, {} values equal, {} unknown here, {} differ", tally.equal, tally.unknown, tally.differences.len());
    let errors: Vec<_> = answers.iter().filter_map(|answer| answer["error"].as_str()).take(12).collect();
    assert!(tally.differences.is_empty(), "{}", tally.differences.join("\n"));
    assert!(loaded > 200, "too few projects load: {errors:?}");
}

#[test]
fn expressions_are_worth_what_compose_says() {
    let names = ["A", "EMPTY", "NONE", "B_1"];
    let words = ["", "x", "a b", "${A}", "${NONE:-n}", "$A", "$$", ":", "-", "}", "{", "1", "$", "${"];
    let mut templates = vec![];
    for name in names {
        for operator in ["", ":-", "-", ":+", "+", ":?", "?", ":", "!", "/"] {
            for word in words {
                templates.push(format!("pre ${{{name}{operator}{word}}} post ${{A}}"));
            }
        }
        templates.push(format!("${name}.${name}x $${name} ${{{name}"));
    }
    let variables = json!({ "A": "a", "EMPTY": "", "B_1": "b" });
    let cases: Vec<_> = templates.iter().map(|template| json!({ "template": template, "variables": variables })).collect();
    let Some(answers) = ask::<_, serde_json::Value>("compose-template", &cases) else { return };
    let mut differences = vec![];
    let mut equal = 0;
    for (template, answer) in templates.iter().zip(&answers) {
        let text = format!("x-value: {}\n", json!(template));
        let files = support::Texts::new(&[("compose.yaml", &text), (".env", "A=a\nEMPTY=\nB_1=b\n")]);
        let parsed = parse("compose.yaml", &files);
        let plimsoll_document::Lookup::Present(value) = parsed.document.doc().root().get_text("x-value") else { continue };
        match (value.as_str(), answer["text"].as_str()) {
            (Some(ours), Some(theirs)) if ours == theirs => equal += 1,
            // Compose takes a variable that is not set for empty, or says what is missing; here it is unknown.
            (None, _) => {
                let invalid = parsed.problems.iter().any(|problem| problem.message.starts_with("invalid interpolation"));
                let refused = answer["error"].as_str().is_some_and(|error| error.starts_with("Invalid template"));
                if invalid != refused {
                    differences.push(format!("{template}: refused here {invalid}, there {answer}"));
                }
            }
            (ours, _) => differences.push(format!("{template}: ours {ours:?}, compose-go {answer}")),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(equal > 100);
}
