//! Fixes with the real binary: what they leave behind parses, is silent, stays fixed, and is otherwise what the author wrote.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[path = "reference/ask.rs"]
mod ask;
mod harness;

use harness::{Folder, fired, notices};
use plimsoll_rulebook::Rulebook;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Every rule, whatever its profile: a fix is held to its promise by whoever selects it.
const ALL: [&str; 2] = ["--select", "ALL"];
const FIX: [&str; 4] = ["--select", "ALL", "--fix", "--unsafe-fixes"];
const DIFF: [&str; 5] = ["check", "--select", "ALL", "--diff", "--unsafe-fixes"];

/// Every file below a folder by its path, but for what the run itself keeps there.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let name = entry.file_name();
            if entry.file_type().unwrap().is_dir() {
                if name != ".cache" {
                    open.push(entry.path());
                }
            } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                found.insert(entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned(), text);
            }
        }
    }
    found
}

/// Rule, path and fingerprint: what makes a finding the same before and after.
type Identity = (String, String, String);

fn identity(finding: &Value) -> Identity {
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    (text("rule"), text("path"), text("fingerprint"))
}

/// Findings by identity, those of several addresses as often as they have addresses.
fn counted<'r>(findings: impl Iterator<Item = &'r Value>) -> BTreeMap<Identity, usize> {
    let mut found = BTreeMap::new();
    for finding in findings {
        *found.entry(identity(finding)).or_default() += finding["addresses"].as_array().unwrap().len();
    }
    found
}

fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().unwrap().iter()
}

/// Whether a fix is one that `--fix --unsafe-fixes` applies. A change that holds a secret is applied, and shown nowhere.
fn is_applied(fix: &Value) -> bool {
    fix["dropped"].is_null() || fix["dropped"] == "the change holds a secret"
}

/// The findings that fixing claims to silence.
fn claimed(report: &Value) -> BTreeMap<Identity, usize> {
    counted(findings(report).filter(|finding| finding["fixes"].as_array().unwrap().iter().any(is_applied)))
}

fn unread(report: &Value) -> Vec<String> {
    notices(report).into_iter().filter(|notice| notice.starts_with("parse") || notice.starts_with("limit")).collect()
}

/// The fixes that were taken back.
fn undone(report: &Value) -> Vec<&str> {
    let messages = report["notices"].as_array().unwrap().iter().map(|notice| notice["message"].as_str().unwrap());
    messages.filter(|message| message.contains("was undone")).collect()
}

/// Byte ranges that the fixes of a report touch, by path, joined. `None` for a file with a change that is not shown.
fn touched(report: &Value) -> BTreeMap<String, Option<Vec<(usize, usize)>>> {
    let mut touched: BTreeMap<String, Option<Vec<(usize, usize)>>> = BTreeMap::new();
    for finding in findings(report) {
        for fix in finding["fixes"].as_array().unwrap() {
            if fix["dropped"] == "the change holds a secret" {
                touched.insert(finding["path"].as_str().unwrap().to_owned(), None);
            }
            for edit in fix["edits"].as_array().unwrap().iter().filter(|edit| !edit["range"].is_null()) {
                let offset = |end: &str| edit["range"][end]["offset"].as_u64().unwrap() as usize;
                let ranges = touched.entry(edit["path"].as_str().unwrap().to_owned()).or_insert_with(|| Some(vec![]));
                if let Some(ranges) = ranges {
                    ranges.push((offset("start"), offset("end")));
                }
            }
        }
    }
    for ranges in touched.values_mut().flatten() {
        ranges.sort_unstable();
        let mut joined: Vec<(usize, usize)> = vec![];
        for (start, end) in std::mem::take(ranges) {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        *ranges = joined;
    }
    touched
}

/// The first part of `old` outside the edits that is not in `new`, at its place among the others: whole, or line by line where a later round
/// wrote between its lines.
fn lost<'t>(old: &'t str, new: &str, edits: &[(usize, usize)]) -> Option<&'t str> {
    let starts = std::iter::once(0).chain(edits.iter().map(|(_, end)| *end));
    let ends = edits.iter().map(|(start, _)| *start).chain(std::iter::once(old.len()));
    let mut from = 0;
    for part in starts.zip(ends).map(|(start, end)| &old[start..end]) {
        if let Some(at) = new[from..].find(part) {
            from += at + part.len();
            continue;
        }
        for line in part.lines() {
            match new[from..].find(line) {
                Some(at) => from += at + line.len(),
                None => return Some(line),
            }
        }
    }
    None
}

/// Comment lines that an edit takes along, and that stand nowhere in the new text.
fn lost_comments<'t>(old: &'t str, new: &str, edits: &[(usize, usize)]) -> Vec<&'t str> {
    let kept: BTreeSet<&str> = new.lines().map(str::trim).collect();
    let inside = edits.iter().flat_map(|(start, end)| old[*start..*end].lines());
    inside.map(str::trim).filter(|line| line.starts_with(['#']) || line.starts_with("//")).filter(|line| !kept.contains(line)).collect()
}

/// What came of fixing a folder.
#[derive(Default)]
struct Tally {
    changed: usize,
    claimed: BTreeMap<Identity, usize>,
    /// What a promise was broken with.
    broken: Vec<String>,
}

/// Fixes a folder and compares the result to what fixing promises.
fn fix(folder: &Folder) -> Tally {
    let mut broken = vec![];
    let before = texts(folder.path());
    let (first, _) = folder.check(&ALL);
    let run = folder.run(&DIFF);
    assert_eq!(texts(folder.path()), before, "--diff writes nothing");
    let (left, run_fixed) = folder.check(&FIX);
    assert!(run_fixed.code.is_some_and(|code| code != 3), "{run_fixed:?}");
    let after = texts(folder.path());
    let changed: Vec<&String> = after.iter().filter(|(path, text)| before.get(*path) != Some(*text)).map(|(path, _)| path).collect();
    // What could not be read goes before what differs.
    if run.code != Some(4) && (run.code == Some(1)) == changed.is_empty() {
        broken.push(format!("--diff ends with {:?}, and {} files change", run.code, changed.len()));
    }
    let shown = run.stdout.lines().filter(|line| line.starts_with("+++ ")).count();
    if shown != changed.len() {
        broken.push(format!("--diff shows {shown} files, and {} change", changed.len()));
    }

    let was_unread = unread(&first);
    broken.extend(unread(&left).into_iter().filter(|notice| !was_unread.contains(notice)).map(|notice| format!("{notice} is new")));
    broken.extend(undone(&left).into_iter().map(str::to_owned));
    let claimed = claimed(&first);
    let (had, have) = (counted(findings(&first)), counted(findings(&left)));
    for (identity, count) in &claimed {
        let still = have.get(identity).copied().unwrap_or(0);
        if still > had[identity] - count {
            broken.push(format!("{identity:?}: {count} of {} claimed, {still} left", had[identity]));
        }
    }

    let (again, _) = folder.check(&FIX);
    let second = texts(folder.path());
    broken.extend(
        second.iter().filter(|(path, text)| after.get(*path) != Some(*text)).map(|(path, _)| format!("{path}: a second run changes it")),
    );
    let (fired_left, fired_again) = (fired(&left), fired(&again));
    broken.extend(fired_again.iter().filter(|one| !fired_left.contains(one)).map(|one| format!("{one}: found in a second run only")));
    broken.extend(fired_left.iter().filter(|one| !fired_again.contains(one)).map(|one| format!("{one}: gone in a second run")));

    let touched = touched(&first);
    for path in &changed {
        let Some(old) = before.get(*path) else { continue };
        let new = &after[*path];
        if let Some(edits) = touched.get(*path).map_or(Some(&[][..]), |edits| edits.as_deref()) {
            broken.extend(lost(old, new, edits).map(|part| format!("{path}: not touched by a fix, and lost: {part}")));
            broken.extend(lost_comments(old, new, edits).into_iter().map(|comment| format!("{path} loses the comment {comment}")));
        }
        if old.contains("\r\n") != new.contains("\r\n") || (!old.contains('\r') && new.contains('\r')) {
            broken.push(format!("{path}: line ends"));
        }
        if old.ends_with('\n') != new.ends_with('\n') {
            broken.push(format!("{path}: end of file"));
        }
    }
    broken.extend(refused_by_buildkit(&before, &after));
    Tally { changed: changed.len(), claimed, broken }
}

/// Dockerfiles that BuildKit took before and refuses now, or reads as other stages.
fn refused_by_buildkit(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let is_dockerfile =
        |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with("Dockerfile") && !name.ends_with(".dockerignore"));
    let changed: Vec<(&String, [&String; 2])> = before
        .iter()
        .filter(|(path, _)| is_dockerfile(path))
        .filter_map(|(path, old)| Some((path, [old, after.get(path).filter(|new| *new != old)?])))
        .collect();
    let cases: Vec<Value> = changed.iter().flat_map(|(_, texts)| texts).map(|text| json!({"text": text})).collect();
    let Some(answers) = ask::ask::<Value, Value>("dockerfile", &cases) else { return vec![] };
    let stages =
        |answer: &Value| answer["instructions"].as_array().map_or(0, |all| all.iter().filter(|one| one["keyword"] == "FROM").count());
    let mut broken = vec![];
    for ((path, _), pair) in changed.iter().zip(answers.chunks(2)) {
        if !pair[0]["error"].is_null() {
            continue;
        }
        if let Some(error) = pair[1]["error"].as_str() {
            broken.push(format!("{path}: BuildKit refuses what it took before: {error}"));
        } else if stages(&pair[0]) != stages(&pair[1]) {
            broken.push(format!("{path}: {} stages became {}", stages(&pair[0]), stages(&pair[1])));
        }
    }
    broken
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn fixtures() {
    let folder = Folder::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), folder.path());
    let tally = fix(&folder);
    assert!(tally.changed > 0 && !tally.claimed.is_empty(), "the fixtures have something to fix");
    assert!(tally.broken.is_empty(), "{}", tally.broken.join("\n"));
}

/// The examples of every rule, each judged and fixed under all rules at once.
#[test]
fn examples_of_every_rule() {
    let book = Rulebook::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    let folder = Folder::new(&[]);
    for rule in &book.rules {
        for (number, example) in rule.examples.iter().enumerate() {
            let place = format!("{}/{number}", rule.meta.id);
            for file in &example.files {
                folder.write(&format!("{place}/{}", file.name), &file.text);
            }
            // A project of its own, as an example is one.
            folder.write(&format!("{place}/plimsoll.toml"), example.settings.as_deref().unwrap_or_default());
        }
    }
    let tally = fix(&folder);
    assert!(tally.broken.is_empty(), "{} promises are broken:\n{}", tally.broken.len(), tally.broken.join("\n"));
    let fixed: BTreeSet<&str> = tally.claimed.keys().map(|(rule, ..)| rule.as_str()).collect();
    let missing: Vec<&str> =
        book.rules.iter().filter(|rule| rule.meta.fix.is_some()).map(|rule| &*rule.meta.id).filter(|id| !fixed.contains(id)).collect();
    assert!(missing.is_empty(), "no example shows what these fix: {missing:?}");
}

/// Real projects, one after the other.
#[test]
fn corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(projects) = std::fs::read_dir(&root) else {
        eprintln!("skipped: no corpus at {}", root.display());
        return;
    };
    let mut total = Tally::default();
    for project in projects.map(Result::unwrap).filter(|project| project.file_type().unwrap().is_dir()) {
        let folder = Folder::new(&[]);
        copy(&project.path(), folder.path());
        let tally = fix(&folder);
        let name = project.file_name().into_string().unwrap();
        eprintln!("{name}: {} claims, {} files changed", tally.claimed.values().sum::<usize>(), tally.changed);
        total.changed += tally.changed;
        total.claimed.extend(tally.claimed);
        total.broken.extend(tally.broken.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(total.changed > 0);
    assert!(total.broken.is_empty(), "{} promises are broken:\n{}", total.broken.len(), total.broken.join("\n"));
}

#[test]
fn a_secret_is_in_no_diff_and_no_report() {
    let secret = "Zq8-hunter2-Xy71";
    let compose = format!(
        "services:\n  db:\n    image: postgres:17.2\n    environment:\n      POSTGRES_PASSWORD: {secret}\n    ports:\n      - \"5432:5432\"\n"
    );
    let docker = format!("FROM debian:12.7\nENV DB_PASSWORD={secret}\nRUN apt-get update && apt-get install -y curl\nADD a b\n");
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: nginx:1.27\n      env:\n        - name: DB_PASSWORD\n          value: {secret}\n"
    );
    let folder = Folder::new(&[("compose.yaml", &compose), ("d/Dockerfile", &docker), ("pod.yaml", &pod)]);
    for format in ["full", "json", "sarif", "concise", "github"] {
        let run = folder.run(&["check", "--format", format]);
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{format}: {}", run.stdout);
    }
    let run = folder.run(&["check", "--diff", "--unsafe-fixes"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("+++ ") && !run.stdout.contains(secret), "{}", run.stdout);
    let (_, run) = folder.check(&FIX);
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{}", run.stdout);
    assert!(folder.read("pod.yaml").contains(secret), "the file itself keeps it");
}

#[test]
fn unsafe_fixes_are_not_applied_unless_fixes_are() {
    let folder = Folder::new(&[("Dockerfile", "FROM debian\nMAINTAINER me\n")]);
    let run = folder.run(&["check", "--unsafe-fixes"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("add --fix to apply them or --diff to see them"), "{}", run.stderr);
    assert_eq!(folder.read("Dockerfile"), "FROM debian\nMAINTAINER me\n");
    assert_eq!(folder.run(&["check", "--unsafe-fixes", "--diff"]).code, Some(1));
}

/// A password that is a word is hidden in its own file, wherever it comes to, though the same word may name things elsewhere.
#[test]
fn a_word_that_is_a_password_is_in_no_report_of_its_file() {
    let folder = Folder::new(&[
        (
            "k8s/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b, env: [{name: DB_PASSWORD, value: wonderland}], args: [\"--password=wonderland\"]}]}\n",
        ),
        (
            "a/Dockerfile",
            "FROM debian:12\nENV DB_PASSWORD wonderland\nENV URL=postgres://u:wonderland@db/x\nRUN mysql --password=wonderland\nEXPOSE 80\n",
        ),
        (
            "b/Dockerfile",
            "FROM debian:12.7\nARG GIT_TOKEN=wonderland\nADD https://user:$GIT_TOKEN@example.com/a.tgz /x\nWORKDIR $GIT_TOKEN\nUSER 1000\n",
        ),
        (
            "compose.yaml",
            "services:\n  db:\n    image: mysql\n    environment:\n      MYSQL_ROOT_PASSWORD: wonderland\n    healthcheck: {test: \"mysqladmin ping -pwonderland\"}\n  web: {image: \"reg/${DB_PASSWORD:-wonderland}\", environment: {DB_PASSWORD: wonderland}, privileged: true}\n",
        ),
        (
            "main.tf",
            "resource \"aws_db_instance\" \"db\" {\n  password = \"wonderland\"\n  username = \"wonderland\"\n  publicly_accessible = true\n}\n",
        ),
    ]);
    for format in ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html"] {
        for select in ["profile:recommended", "ALL"] {
            let run = folder.run(&["check", "--format", format, "--select", select]);
            assert!(!run.stdout.contains("wonderland") && !run.stderr.contains("wonderland"), "{format}: {}", run.stdout);
        }
    }
    let run = folder.run(&["check", "--diff", "--unsafe-fixes", "--select", "ALL"]);
    assert!(run.stdout.contains("+++ ") && !run.stdout.contains("wonderland"), "{}", run.stdout);
}

#[test]
fn a_word_that_is_a_password_does_not_blank_names() {
    let folder = Folder::new(&[
        ("a/compose.yaml", "services:\n  postgres:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: postgres\n"),
        ("b/compose.yaml", "services:\n  postgres:\n    image: postgres\n"),
    ]);
    let run = folder.run(&["check", "--format", "concise", "--select", "compose/image-unpinned"]);
    assert_eq!(run.stdout.matches("image `postgres` of service `postgres`").count(), 2, "{}", run.stdout);
}
