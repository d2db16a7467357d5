//! Adoption: repositories of a real size go from hundreds of findings to green by a baseline, and back to red by one new defect; the same by
//! `--since`; and the real pre-commit runs the real hook.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired};
use std::path::Path;
use std::process::Command;

/// A shop of services, each with a Dockerfile and a Compose project.
fn services() -> Folder {
    let folder = Folder::new(&[]);
    for index in 0..76 {
        folder.write(
            &format!("services/s{index}/Dockerfile"),
            format!("FROM python\nWORKDIR app\nADD . /app\nRUN pip install flask\nRUN apt-get update && apt-get install curl\nRUN cd /tmp && sudo id\nEXPOSE {}\nCMD python app.py\n", 8000 + index),
        );
        folder.write(&format!("services/s{index}/app.py"), "print(1)\n");
        folder.write(
            &format!("services/s{index}/compose.yaml"),
            format!("services:\n  web:\n    build: .\n    ports:\n      - \"{}:80\"\n  db:\n    image: postgres\n", 8000 + index),
        );
    }
    folder
}

/// A cluster's manifests.
fn cluster() -> Folder {
    let folder = Folder::new(&[]);
    for index in 0..90 {
        folder.write(
            &format!("apps/a{index}/deployment.yaml"),
            format!("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a{index}\nspec:\n  selector:\n    matchLabels: {{app: a{index}}}\n  template:\n    metadata:\n      labels: {{app: a{index}}}\n    spec:\n      containers:\n        - name: main\n          image: registry.example.com/a{index}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a{index}\nspec:\n  type: NodePort\n  selector: {{app: a{index}}}\n  ports:\n    - port: 80\n"),
        );
    }
    folder
}

/// Infrastructure in modules.
fn infrastructure() -> Folder {
    let folder = Folder::new(&[]);
    for index in 0..160 {
        folder.write(
            &format!("modules/m{index}/main.tf"),
            format!("variable \"name\" {{}}\n\nresource \"aws_security_group\" \"in\" {{\n  name = var.name\n  ingress {{\n    from_port   = 22\n    to_port     = 22\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n\nresource \"aws_db_instance\" \"db{index}\" {{\n  publicly_accessible = true\n}}\n"),
        );
    }
    folder
}

fn git(folder: &Path, args: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn adopt(folder: &Folder, file: &str, defect: &str) {
    folder.write(".gitignore", ".cache\n");
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "all of it"]);
    let (report, run) = folder.check(&[]);
    assert!(run.code == Some(1) && fired(&report).len() >= 900, "{} findings", fired(&report).len());

    assert_eq!(folder.run(&["baseline"]).code, Some(0));
    let baseline = ["--baseline", "plimsoll-baseline.json"];
    assert_eq!(folder.check(&baseline).1.code, Some(0), "green");
    assert_eq!(folder.check(&["--since", "main"]).1.code, Some(0));

    git(folder.path(), &["switch", "-q", "-c", "work"]);
    let old = folder.read(file);
    folder.write(file, format!("{old}{defect}"));
    let (report, run) = folder.check(&baseline);
    assert_eq!(run.code, Some(1), "red again");
    assert!(fired(&report).iter().all(|line| line.contains(file)), "{:?}", fired(&report));
    let (since, run) = folder.check(&["--since", "main"]);
    assert_eq!((run.code, fired(&since)), (Some(1), fired(&report)), "both say the same");
    git(folder.path(), &["commit", "-qam", "one defect"]);
    assert_eq!(fired(&folder.check(&["--since", "main"]).0), fired(&report));

    // A rebase onto a branch where everything moved.
    git(folder.path(), &["switch", "-q", "main"]);
    let other = folder.read(&file.replace('1', "2"));
    folder.write(&file.replace('1', "2"), format!("# moved\n\n{other}"));
    git(folder.path(), &["commit", "-qam", "moved lines"]);
    git(folder.path(), &["switch", "-q", "work"]);
    git(folder.path(), &["rebase", "-q", "main"]);
    assert_eq!(fired(&folder.check(&["--since", "main"]).0), fired(&report));
    assert_eq!(fired(&folder.check(&baseline).0), fired(&report));
}

#[test]
fn services_go_green_and_red() {
    adopt(&services(), "services/s1/compose.yaml", "    privileged: true\n");
}

#[test]
fn cluster_goes_green_and_red() {
    adopt(
        &cluster(),
        "apps/a1/deployment.yaml",
        "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: extra\nspec:\n  hostPID: true\n  containers:\n    - name: x\n      image: nginx:1.27.3\n",
    );
}

#[test]
fn infrastructure_goes_green_and_red() {
    adopt(
        &infrastructure(),
        "modules/m1/main.tf",
        "\nresource \"aws_security_group\" \"more\" {\n  ingress {\n    from_port   = 3389\n    to_port     = 3389\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
    );
}

/// Skipped loudly where pre-commit is not installed, but for CI.
#[test]
fn pre_commit_runs_the_hook() {
    let found = Command::new("pre-commit").arg("--version").output().is_ok_and(|run| run.status.success());
    if !found {
        assert!(std::env::var_os("CI").is_none(), "CI needs pre-commit (PyPI)");
        eprintln!("the pre-commit hook is NOT tried: pre-commit is missing");
        return;
    }
    let hooks = Folder::new(&[(".pre-commit-hooks.yaml", include_str!("../.pre-commit-hooks.yaml"))]);
    git(hooks.path(), &["init", "-q"]);
    git(hooks.path(), &["add", "-A"]);
    git(hooks.path(), &["commit", "-q", "-m", "hooks"]);
    let folder = Folder::new(&[
        ("Dockerfile", "FROM debian:12.7\nUSER root\n"),
        ("notes.txt", "x\n"),
        ("plimsoll.toml", "select = [\"docker/user-root\"]\n"),
    ]);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    let binary = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let run = || {
        Command::new("pre-commit")
            .args(["try-repo", hooks.path().to_str().unwrap(), "plimsoll-system", "--all-files"])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("PRE_COMMIT_HOME", folder.path().join(".cache/pre-commit"))
            .output()
            .unwrap()
    };
    let red = run();
    let told = String::from_utf8_lossy(&red.stdout).into_owned();
    assert!(
        !red.status.success() && told.contains("Dockerfile:2:1: high[docker/user-root]"),
        "{told} {}",
        String::from_utf8_lossy(&red.stderr)
    );
    folder.write("Dockerfile", "FROM debian:12.7\nUSER app\n");
    git(folder.path(), &["add", "-A"]);
    assert!(run().status.success(), "{}", String::from_utf8_lossy(&run().stdout));
}
