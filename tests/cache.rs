//! `--cache`: the second run says what the first said, whatever changed in between, and whatever became of the cache.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::Folder;
use std::path::PathBuf;

fn project() -> Folder {
    Folder::new(&[
        ("Dockerfile", "FROM debian\nENV TOKEN=hunter2hunter2\nCOPY app.py /\n# plimsoll: ignore[docker/user-root] -- why\nUSER root\n"),
        ("app.py", "x\n"),
        ("compose.yaml", "services:\n  web:\n    image: ${IMAGE}\n    privileged: true\n"),
        (".env", "IMAGE=nginx:1.27.3\n"),
        ("main.tf", "variable \"p\" {\n  default = false\n}\nresource \"aws_db_instance\" \"d\" {\n  publicly_accessible = var.p\n}\n"),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: nginx\n",
        ),
    ])
}

fn timeless(mut report: serde_json::Value) -> serde_json::Value {
    report["summary"]["seconds"] = 0.into();
    report
}

fn entries(folder: &Folder) -> Vec<PathBuf> {
    let below = |path: &PathBuf| {
        std::fs::read_dir(path).map(|list| list.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()).unwrap_or_default()
    };
    below(&folder.path().join(".cache/results")).iter().flat_map(below).collect()
}

/// Runs with the cache and without it, and holds them to one another.
fn same(folder: &Folder, more: &[&str]) -> serde_json::Value {
    let (cold, _) = folder.check(more);
    let (cached, _) = folder.check(&[more, &["--cache", ".cache/results"]].concat());
    assert_eq!(timeless(cached), timeless(cold.clone()), "{more:?}");
    cold
}

#[test]
fn cached_run_says_what_a_cold_one_says() {
    let folder = project();
    same(&folder, &["--select", "ALL"]);
    let first = entries(&folder).len();
    assert!(first >= 4, "{first}");
    same(&folder, &["--select", "ALL"]);
    assert_eq!(entries(&folder).len(), first, "nothing new was judged");
    // Settings, files, and files that only another file names.
    same(&folder, &["--select", "docker"]);
    folder.write(".env", "IMAGE=nginx:latest\n");
    assert!(same(&folder, &["--select", "ALL"]).to_string().contains("nginx:latest"));
    folder.write(".dockerignore", ".env\n.git\n");
    same(&folder, &["--select", "ALL"]);
    folder.write("terraform.tfvars", "p = true\n");
    same(&folder, &["--select", "ALL"]);
    folder.write("plimsoll.toml", "ignore = [\"docker/base-image-untagged\"]\n");
    same(&folder, &[]);
    same(&folder, &["--no-waivers"]);
    std::fs::remove_file(folder.path().join(".env")).unwrap();
    same(&folder, &["--select", "ALL"]);
}

#[test]
fn damaged_entries_are_no_entries() {
    let folder = project();
    same(&folder, &["--select", "ALL"]);
    for (index, entry) in entries(&folder).iter().enumerate() {
        let text = std::fs::read(entry).unwrap();
        match index % 4 {
            0 => std::fs::write(entry, &text[..text.len() / 2]).unwrap(),
            1 => std::fs::write(entry, "").unwrap(),
            2 => std::fs::write(entry, String::from_utf8(text).unwrap().replace("critical", "info").replace("high", "info")).unwrap(),
            _ => std::fs::write(entry, [0xff; 100]).unwrap(),
        }
    }
    same(&folder, &["--select", "ALL"]);
    folder.write(".cache/file", "no directory");
    let (cold, _) = folder.check(&[]);
    let (cached, _) = folder.check(&["--cache", ".cache/file"]);
    assert_eq!(timeless(cached), timeless(cold), "a cache that cannot be written costs time only");
}

#[test]
fn concurrent_runs_do_not_disturb_each_other() {
    let folder = project();
    for index in 0..60 {
        folder.write(&format!("s{index}/Dockerfile"), "FROM debian\nUSER root\n");
    }
    let (cold, _) = folder.check(&["--select", "ALL"]);
    let cold = timeless(cold);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let (cached, _) = folder.check(&["--select", "ALL", "--cache", ".cache/results"]);
                    assert_eq!(timeless(cached), cold);
                }
            });
        }
    });
}

/// What changed within two seconds before a run may change again without its times telling.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(2200));
}

fn records(folder: &Folder) -> Vec<Vec<u8>> {
    let runs = std::fs::read_dir(folder.path().join(".cache/results/runs")).into_iter().flatten();
    runs.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

/// What a run says again is what it said, in every format; and any change is seen, the first time.
#[test]
fn unchanged_tree_is_not_judged_again() {
    let folder = project();
    folder.write(".git/HEAD", "ref: refs/heads/main\n");
    folder.write("lists/.gitignore", "*.yaml\n");
    folder.write("lists/pod.yaml", folder.read("pod.yaml"));
    folder.write("policy/acme/tag.md", "---\ntitle: t\nseverity: low\ntarget: compose\nfor: service\nrequire: self.image == 'x'\nat: /image\n---\nWhy.\n\n## Examples\n\n### a\n```yaml fires=3\nservices:\n  a:\n    image: y\n```\n\n### b\n```yaml\nservices:\n  a:\n    image: x\n```\n");
    folder.write("plimsoll.toml", "[rules]\npath = [\"policy/\"]\n");
    std::fs::create_dir_all(folder.path().join(".cache/results")).unwrap();
    settle();
    let cache = ["--cache", ".cache/results"];
    let timeless = |text: &str| {
        let seconds: Vec<String> = times_in(text);
        seconds.iter().fold(text.to_owned(), |text, seconds| text.replace(seconds, "TIME"))
    };
    for format in ["full", "concise", "json", "sarif", "junit", "html", "markdown", "gitlab", "rdjson", "github"] {
        let args = |more: &[&'static str]| [&["check", "--select", "ALL", "--format", format][..], more].concat();
        let cold = folder.run(&args(&[]));
        let before = records(&folder).len();
        let first = folder.run(&args(&cache));
        assert_eq!(records(&folder).len(), before + 1, "{format}: a record was kept");
        let again = folder.run(&args(&cache));
        for run in [&first, &again] {
            assert_eq!((run.code, timeless(&run.stdout), &run.stderr), (cold.code, timeless(&cold.stdout), &cold.stderr), "{format}");
        }
    }
    let changes: [(&str, &dyn Fn()); 8] = [
        ("a file", &|| _ = folder.write("Dockerfile", "FROM debian:12.7\nUSER root\n")),
        ("a new file", &|| _ = folder.write("deep/er/Dockerfile", "FROM debian\n")),
        ("a file that another names", &|| _ = folder.write(".env", "IMAGE=nginx:latest\n")),
        ("an ignore file", &|| _ = folder.write("lists/.gitignore", "")),
        ("excludes", &|| _ = folder.write(".git/info/exclude", "deep\n")),
        ("a rule", &|| _ = folder.write("policy/acme/tag.md", folder.read("policy/acme/tag.md").replace("== 'x'", "== self.image"))),
        ("settings", &|| _ = folder.write("plimsoll.toml", "ignore = [\"docker/user-root\"]\n")),
        ("a file that is gone", &|| std::fs::remove_file(folder.path().join("main.tf")).unwrap()),
    ];
    for (what, change) in changes {
        let (before, _) = folder.check(&cache);
        settle();
        folder.check(&cache);
        change();
        let (cold, _) = folder.check(&[]);
        let (cached, _) = folder.check(&cache);
        assert_eq!(crate::timeless(cached), crate::timeless(cold.clone()), "{what}");
        assert_ne!(crate::timeless(before), crate::timeless(cold), "{what} changes what is said");
    }
}

/// The times that a report words, as they stand in it.
fn times_in(text: &str) -> Vec<String> {
    let between = |before: &str, after: &str| {
        let starts = text.match_indices(before).map(|(at, _)| at + before.len());
        let words = starts.filter_map(|start| text[start..].split(after).next().map(|word| format!("{before}{word}{after}")));
        words.filter(|word| word.len() < before.len() + after.len() + 24).collect::<Vec<_>>()
    };
    [between("files in ", " s"), between(" time=\"", "\""), between("\"seconds\":", "}")].concat()
}

#[test]
fn damaged_record_is_no_record() {
    let folder = project();
    std::fs::create_dir_all(folder.path().join(".cache/results")).unwrap();
    settle();
    let cold = timeless(folder.check(&[]).0);
    let cache = ["--cache", ".cache/results"];
    folder.check(&cache);
    let record = std::fs::read_dir(folder.path().join(".cache/results/runs")).unwrap().next().unwrap().unwrap().path();
    let sound = std::fs::read(&record).unwrap();
    let forged = String::from_utf8_lossy(&sound).replace("critical", "info    ").into_bytes();
    for damaged in [vec![], sound[..sound.len() / 2].to_vec(), vec![0xff; 500], forged] {
        std::fs::write(&record, damaged).unwrap();
        assert_eq!(timeless(folder.check(&cache).0), cold);
        // But for how long the run took.
        assert!(std::fs::read(&record).unwrap().len().abs_diff(sound.len()) < 10, "it is made anew");
    }
}

fn git(folder: &Folder, args: &[&str]) {
    let words = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    let run = std::process::Command::new("git").args(words).args(args).current_dir(folder.path()).output().unwrap();
    assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

/// What git said before is asked again only where something moved; what comes out is the same.
#[test]
fn since_says_the_same_with_a_cache() {
    let folder = project();
    folder.write(".gitignore", ".cache\n*.tmp\n");
    folder.write("a/b/Dockerfile", "FROM debian:12.7\nUSER app\n");
    folder.write("old/Dockerfile", "FROM debian\n");
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "x"]);
    std::fs::create_dir_all(folder.path().join(".cache/results")).unwrap();
    settle();
    let same = |what: &str| {
        let args = ["--since", "main", "--select", "ALL"];
        let (cold, told) = folder.check(&args);
        let (cached, again) = folder.check(&[&args[..], &["--cache", ".cache/results"]].concat());
        assert_eq!((timeless(cached), again.stderr), (timeless(cold.clone()), told.stderr), "{what}");
        cold["findings"].as_array().unwrap().len()
    };
    assert_eq!(same("nothing"), 0);
    assert_eq!(std::fs::read_dir(folder.path().join(".cache/results/since")).unwrap().count(), 1, "git's answer was kept");
    let step = |what: &str, change: &dyn Fn()| {
        change();
        same(what)
    };
    let rename = || {
        folder.write("a/b/x.tmp", "FROM debian:12.7\nUSER root\n");
        std::fs::rename(folder.path().join("a/b/x.tmp"), folder.path().join("a/b/Dockerfile")).unwrap();
    };
    assert!(step("an edit", &|| _ = folder.write("a/b/Dockerfile", "FROM debian:12.7\nUSER root\n")) > 0);
    assert!(step("an editor that saves by renaming", &rename) > 0);
    let new = step("a new file", &|| _ = folder.write("a/c/d/Dockerfile", "FROM debian\nUSER root\n"));
    assert!(step("another beside it", &|| _ = folder.write("a/c/d/two.Dockerfile", "FROM debian\nUSER root\n")) > new);
    step("an ignored one", &|| _ = folder.write("a/c/Dockerfile.tmp", "FROM debian\n"));
    step("a new file that is gone again", &|| std::fs::remove_dir_all(folder.path().join("a/c")).unwrap());
    step("a file that is gone", &|| std::fs::remove_file(folder.path().join("old/Dockerfile")).unwrap());
    step("an ignore file", &|| _ = folder.write(".gitignore", ".cache\na\n"));
    step("a commit", &|| git(&folder, &["commit", "-qam", "y"]));
    settle();
    same("kept anew");
    git(&folder, &["switch", "-q", "-c", "work", "HEAD~1"]);
    same("another branch");
}
