//! Fixes with the real binary: what they leave behind parses, stays fixed, and is otherwise what the author wrote.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod harness;

use harness::{Folder, fired, notices};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const FIX: [&str; 2] = ["--fix", "--unsafe-fixes"];

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

/// Findings whose fix would be applied, by rule, address and path.
fn fixable(report: &Value) -> BTreeSet<String> {
    let usable = |fix: &Value| fix["dropped"].is_null();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["fixes"].as_array().unwrap().iter().any(usable))
        .map(|finding| finding["fingerprint"].to_string())
        .collect()
}

fn unread(report: &Value) -> Vec<String> {
    notices(report).into_iter().filter(|notice| notice.starts_with("parse") || notice.starts_with("limit")).collect()
}

/// Comments of a text, one per line, without their place: whole lines, and what stands behind ` # `.
fn comments(text: &str) -> BTreeMap<&str, usize> {
    let mut found = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| line.starts_with('#') && line.len() > 1) {
        *found.entry(line).or_default() += 1;
    }
    found
}

/// Fixes a folder and holds the result to what fixing promises. Returns how many files changed.
fn holds(folder: &Folder) -> usize {
    let before = texts(folder.path());
    let (first, _) = folder.check(&[]);
    let run = folder.run(&[&["check", "--diff"], &FIX[1..]].concat());
    assert_eq!(texts(folder.path()), before, "--diff writes nothing");
    let (left, run_fixed) = folder.check(&FIX);
    assert!(run_fixed.code.is_some_and(|code| code != 3), "{run_fixed:?}");
    let after = texts(folder.path());
    let changed: Vec<&String> = after.iter().filter(|(path, text)| before.get(*path) != Some(*text)).map(|(path, _)| path).collect();
    assert_eq!(run.code == Some(1), !changed.is_empty(), "--diff exits 1 if there is something to change: {}\n{}", run.stdout, run.stderr);
    assert_eq!(
        run.stdout.lines().filter(|line| line.starts_with("+++ ")).count(),
        changed.len(),
        "--diff shows the files that --fix changes"
    );
    let was_unread = unread(&first);
    for notice in unread(&left) {
        assert!(was_unread.contains(&notice), "{notice} is new");
    }
    // What is still fixable was refused with a notice, or is fixed by what another run of the same rules would not change either.
    let (again, _) = folder.check(&FIX);
    assert_eq!(texts(folder.path()), after, "a second run changes nothing");
    assert_eq!(fired(&left), fired(&again));
    for path in &changed {
        let Some(old) = before.get(*path) else { continue };
        let new = &after[*path];
        for (comment, count) in comments(old) {
            let kept = comments(new).get(comment).copied().unwrap_or(0);
            assert!(kept >= count || removed_with_its_lines(old, new, comment), "{path} loses the comment {comment}\n{new}");
        }
        assert_eq!(old.contains("\r\n"), new.contains("\r\n"), "{path}: line ends");
        assert_eq!(old.ends_with('\n'), new.ends_with('\n'), "{path}: end of file");
        if !old.contains('\r') {
            assert!(!new.contains('\r'), "{path}: line ends");
        }
    }
    changed.len()
}

/// Whether a comment stood inside an instruction or item that is gone as a whole: the line behind it is gone, too.
fn removed_with_its_lines(old: &str, new: &str, comment: &str) -> bool {
    let lines: Vec<&str> = old.lines().collect();
    let at = lines.iter().position(|line| line.trim() == comment);
    at.and_then(|at| lines[at + 1..].iter().find(|line| !line.trim().starts_with('#') && !line.trim().is_empty()))
        .is_none_or(|next| !new.contains(next.trim()))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn fixtures() {
    let folder = Folder::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), folder.path());
    let (report, _) = folder.check(&[]);
    let claimed = fixable(&report);
    assert!(!claimed.is_empty(), "the fixtures have something to fix");
    assert!(holds(&folder) > 0);
    let (left, _) = folder.check(&[]);
    let left = fixable(&left);
    assert!(claimed.intersection(&left).count() * 10 <= claimed.len(), "{} of {} claimed fixes are left", left.len(), claimed.len());
}

/// Files of the corpus below a size, evenly from the whole of it.
fn sample(count: usize) -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        eprintln!("skipped: no corpus at {}", root.display());
        return None;
    }
    let mut files = vec![];
    let mut open = vec![root];
    while let Some(directory) = open.pop() {
        let Ok(entries) = std::fs::read_dir(directory) else { continue };
        for entry in entries.filter_map(Result::ok) {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() && entry.metadata().is_ok_and(|metadata| metadata.len() < 200_000) => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.contains("dockerfile") || [".yaml", ".yml", ".tf", ".tf.json"].iter().any(|ending| name.ends_with(ending))
    });
    files.sort();
    let step = (files.len() / count).max(1);
    Some(files.into_iter().step_by(step).collect())
}

#[test]
fn corpus() {
    let Some(files) = sample(600) else { return };
    let folder = Folder::new(&[]);
    for (index, path) in files.iter().enumerate() {
        let name = path.file_name().unwrap();
        let target = folder.path().join(index.to_string());
        std::fs::create_dir(&target).unwrap();
        std::fs::write(target.join(name), std::fs::read(path).unwrap()).unwrap();
    }
    let changed = holds(&folder);
    eprintln!("{changed} of {} files changed", files.len());
    assert!(changed > 0);
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
