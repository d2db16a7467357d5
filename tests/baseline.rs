//! A baseline through the real binary: what is there passes, what is new fails, and edits that change no meaning change no verdict.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired};
use proptest::prelude::*;

const DOCKERFILE: &str = "FROM debian\nRUN sudo apt-get install curl\nWORKDIR app\nUSER root\n";
const COMPOSE: &str = "services:\n  db:\n    image: postgres\n    privileged: true\n    ports:\n      - \"5432:5432\"\n  web:\n    image: nginx\n    network_mode: host\n";
const OBJECTS: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostNetwork: true\n  containers:\n    - name: a\n      image: nginx\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: b\nspec:\n  hostPID: true\n  containers:\n    - name: b\n      image: redis\n      securityContext:\n        privileged: true\n";
const TERRAFORM: &str = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs\"\n  acl    = \"public-read\"\n}\n\nresource \"aws_security_group\" \"in\" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n";

fn project() -> Folder {
    let folder = Folder::new(&[
        ("api/Dockerfile", DOCKERFILE),
        ("worker/Dockerfile", "FROM alpine\nRUN apk add curl\nADD https://example.com/x /x\n"),
        ("compose.yaml", COMPOSE),
        ("deploy/pods.yaml", OBJECTS),
        ("infra/main.tf", TERRAFORM),
    ]);
    let run = folder.run(&["baseline"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    folder
}

fn check(folder: &Folder, more: &[&str]) -> (serde_json::Value, harness::Run) {
    folder.check(&[&["--baseline", "plimsoll-baseline.json"], more].concat())
}

#[test]
fn what_is_there_passes_and_what_is_new_fails() {
    let folder = project();
    let before = folder.run(&["check", "--format", "concise"]);
    assert!(before.stdout.lines().count() > 20 && before.code == Some(1), "{before:?}");
    let (report, run) = check(&folder, &[]);
    assert_eq!((run.code, fired(&report)), (Some(0), vec![]), "{run:?}");
    assert_eq!(report["summary"]["baselined"].as_u64().unwrap() as usize, before.stdout.lines().count());

    folder.write("api/Dockerfile", format!("{DOCKERFILE}HEALTHCHECK NONE\nEXPOSE 99999\n"));
    let (report, run) = check(&folder, &[]);
    assert_eq!(run.code, Some(1));
    let new = fired(&report);
    assert!(!new.is_empty() && new.iter().all(|line| line.contains("api/Dockerfile")), "{new:?}");
}

#[test]
fn a_second_of_the_same_is_new() {
    let folder = project();
    folder.write(
        "infra/main.tf",
        format!("{TERRAFORM}resource \"aws_s3_bucket\" \"more\" {{\n  bucket = \"more\"\n  acl    = \"public-read\"\n}}\n"),
    );
    let (report, _) = check(&folder, &["--select", "terraform/*acl*"]);
    let new = fired(&report);
    assert!(new.iter().all(|line| line.contains("infra/main.tf:1")), "the one at line 15: {new:?}");
}

#[test]
fn it_shrinks_by_itself_and_grows_by_force_only() {
    let folder = project();
    folder.write("api/Dockerfile", "FROM debian:12.7\nUSER root\n");
    let (_, run) = check(&folder, &[]);
    assert!(run.stderr.contains("findings of the baseline are gone"), "{run:?}");
    let size = |folder: &Folder| folder.read("plimsoll-baseline.json").len();
    let before = size(&folder);
    let (_, run) = check(&folder, &["--update-baseline"]);
    assert!(size(&folder) < before, "{run:?}");

    let small = size(&folder);
    folder.write("api/Dockerfile", DOCKERFILE);
    let (report, run) = check(&folder, &["--update-baseline"]);
    assert_eq!(run.code, Some(1), "what was mended and came back is new");
    assert!(run.stderr.contains("were not put into the baseline") && !fired(&report).is_empty(), "{run:?}");
    assert_eq!(size(&folder), small);
    let (_, run) = check(&folder, &["--update-baseline", "--force"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(size(&folder) > small);
    assert_eq!(check(&folder, &[]).1.code, Some(0));
}

/// Half a run, or one that could not read everything, must not take the rest for mended.
#[test]
fn what_was_not_judged_stays() {
    let folder = project();
    let before = folder.read("plimsoll-baseline.json");
    let (_, run) = folder.check(&["--baseline", "plimsoll-baseline.json", "--update-baseline", "api/Dockerfile"]);
    assert_eq!((run.code, folder.read("plimsoll-baseline.json")), (Some(0), before.clone()), "{run:?}");
    folder.write("deploy/pods.yaml", OBJECTS.replace("  name: b", "  name: [b"));
    let run = folder.run(&["check", "--baseline", "plimsoll-baseline.json", "--update-baseline"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(folder.read("plimsoll-baseline.json"), before);
}

#[test]
fn it_is_the_same_from_anywhere() {
    let folder = project();
    let below = harness::run_in(&folder.path().join("api"), &["check", "--baseline", "../plimsoll-baseline.json", "Dockerfile"], "");
    assert_eq!(below.code, Some(0), "{below:?}");
}

#[test]
fn what_is_no_baseline_is_named() {
    let folder = project();
    assert_eq!(folder.run(&["baseline"]).code, Some(2), "an existing one is not overwritten");
    for text in [
        "",
        "{}",
        "{\"schema\": \"plimsoll/baseline/2\", \"files\": {}}",
        "{\"schema\": \"plimsoll/baseline/1\", \"files\": {\"a\": [{}]}}",
    ] {
        folder.write("plimsoll-baseline.json", text);
        let run = folder.run(&["check", "--baseline", "plimsoll-baseline.json"]);
        assert_eq!(run.code, Some(2), "{text}: {run:?}");
        assert!(run.stderr.contains("plimsoll-baseline.json"), "{run:?}");
    }
}

/// An edit that changes no meaning.
#[derive(Debug, Clone)]
enum Edit {
    /// Empty lines and a comment on top.
    Push(usize, usize),
    Rename(usize, usize),
    /// Objects, services, resources the other way round.
    Reorder,
    /// Quotes, comments, empty lines, other spaces.
    Reformat,
    /// The second object into a file of its own.
    Split,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..5_usize, 1..20_usize).prop_map(|(file, lines)| Edit::Push(file, lines)),
        (0..5_usize, 0..100_usize).prop_map(|(file, name)| Edit::Rename(file, name)),
        Just(Edit::Reorder),
        Just(Edit::Reformat),
        Just(Edit::Split),
    ]
}

struct Tree {
    folder: Folder,
    /// Where the five files are now.
    paths: [String; 5],
    split: bool,
}

impl Tree {
    fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Push(file, lines) => self.change(*file, |text| format!("{}# moved\n{text}", "\n".repeat(*lines))),
            Edit::Rename(file, name) => {
                // A module's directory, a Dockerfile's directory, a manifest's name.
                let new = match file {
                    0 | 1 => format!("moved{name}-{file}/Dockerfile"),
                    2 => format!("stack{name}/compose.yaml"),
                    3 => format!("objects{name}.yaml"),
                    _ => format!("infra{name}/main.tf"),
                };
                let text = self.folder.read(&self.paths[*file]);
                std::fs::remove_file(self.folder.path().join(&self.paths[*file])).unwrap();
                self.folder.write(&new, text);
                self.paths[*file] = new;
            }
            Edit::Reorder => {
                self.change(3, |text| {
                    text.split("---\n")
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .map(|part| format!("{}\n", part.trim_end()))
                        .collect::<Vec<_>>()
                        .join("---\n")
                });
                self.change(4, |text| {
                    let blocks = text.split("\n}\n").map(str::trim).filter(|block| !block.is_empty());
                    blocks.collect::<Vec<_>>().into_iter().rev().map(|block| format!("{block}\n}}\n")).collect()
                });
            }
            Edit::Reformat => {
                for file in [2, 3] {
                    self.change(file, |text| {
                        text.replace("image: nginx\n", "image:   \"nginx\"  # the image\n").replace("true\n", "True\n\n")
                    });
                }
                self.change(4, |text| text.replace(" = ", "   =   "));
            }
            Edit::Split if !self.split => {
                let text = self.folder.read(&self.paths[3]);
                if let Some((first, second)) = text.split_once("---\n") {
                    self.folder.write(&self.paths[3], first);
                    self.folder.write("one-more.yaml", second);
                    self.split = true;
                }
            }
            Edit::Split => {}
        }
    }

    fn change(&self, file: usize, edit: impl Fn(&str) -> String) {
        let text = self.folder.read(&self.paths[file]);
        self.folder.write(&self.paths[file], edit(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn edits_lose_nothing_and_invent_nothing(edits in proptest::collection::vec(edit(), 1..6)) {
        let paths = ["api/Dockerfile", "worker/Dockerfile", "compose.yaml", "deploy/pods.yaml", "infra/main.tf"].map(str::to_owned);
        let mut tree = Tree { folder: project(), paths, split: false };
        for edit in &edits {
            tree.apply(edit);
        }
        let (report, run) = check(&tree.folder, &[]);
        prop_assert_eq!((run.code, fired(&report)), (Some(0), vec![]), "{:?}", edits);
        prop_assert!(!run.stderr.contains("are gone"), "{:?}: {}", edits, run.stderr);

        let text = tree.folder.read(&tree.paths[2]);
        let line = text.lines().find(|line| line.ends_with("network_mode: host")).unwrap();
        tree.folder.write(&tree.paths[2], text.replace(line, &format!("{line}\n{}", line.replace("network_mode: host", "pid: host"))));
        let (report, run) = check(&tree.folder, &["--select", "compose/host-pid"]);
        prop_assert_eq!((run.code, fired(&report).len()), (Some(1), 1), "{:?}", edits);
    }

    /// The same edits on a branch that is then put onto a main that went on: `--since` blames none of them on the change, and the new defect alone.
    #[test]
    fn rebased_edits_are_nobodys_new_findings(edits in proptest::collection::vec(edit(), 1..6)) {
        let paths = ["api/Dockerfile", "worker/Dockerfile", "compose.yaml", "deploy/pods.yaml", "infra/main.tf"].map(str::to_owned);
        let mut tree = Tree { folder: project(), paths, split: false };
        tree.folder.write(".gitignore", ".cache\nplimsoll-baseline.json\n");
        git(&tree.folder, &["init", "-q"]);
        commit(&tree.folder);
        git(&tree.folder, &["switch", "-q", "-c", "work"]);
        for edit in &edits {
            tree.apply(edit);
        }
        let since = |folder: &Folder| {
            let (report, run) = folder.check(&["--since", "main"]);
            (run.code, fired(&report))
        };
        prop_assert_eq!(since(&tree.folder), (Some(0), vec![]), "{:?}", edits);
        commit(&tree.folder);
        git(&tree.folder, &["switch", "-q", "main"]);
        tree.folder.write("new/Dockerfile", "FROM debian\nUSER root\n");
        commit(&tree.folder);
        git(&tree.folder, &["switch", "-q", "work"]);
        git(&tree.folder, &["rebase", "-q", "main"]);
        prop_assert_eq!(since(&tree.folder), (Some(0), vec![]), "{:?}", edits);
        let text = tree.folder.read(&tree.paths[0]);
        tree.folder.write(&tree.paths[0], format!("{text}RUN sudo id\n"));
        let (report, _) = tree.folder.check(&["--since", "main", "--select", "docker/run-sudo"]);
        prop_assert_eq!(fired(&report).len(), 1, "{:?}", edits);
    }
}

fn git(folder: &Folder, args: &[&str]) {
    let words = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    let run = std::process::Command::new("git").args(words).args(args).current_dir(folder.path()).output().unwrap();
    assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn commit(folder: &Folder) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "--allow-empty", "-m", "x"]);
}
