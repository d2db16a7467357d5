//! `plimsoll migrate`: settings as each peer's documentation has them, and runs with the migrated file that do what they meant.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired};

/// What a migrated file must do.
enum Means {
    /// This rule, which fires without it, does not.
    Off(&'static str),
    /// This rule fires.
    On(&'static str),
    /// This rule fires with this severity.
    Is(&'static str, &'static str),
    /// The run ends so.
    Ends(i32),
    /// This is said to stay behind, with its line.
    Left(&'static str),
    /// The written file holds this.
    Writes(&'static str),
}
use Means::{Ends, Is, Left, Off, On, Writes};

const DOCKERFILE: &str = "FROM debian\nMAINTAINER me\nRUN apt-get update && apt-get install curl\nRUN cd /tmp && sudo id\nADD a.txt /a.txt\nWORKDIR app\nUSER root\n";
const COMPOSE: &str = "version: \"3\"\nservices:\n  web:\n    image: nginx\n    privileged: true\n    ports:\n      - \"80:80\"\n";
const PODS: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      hostNetwork: true\n      containers:\n        - name: web\n          image: nginx:latest\n          securityContext:\n            privileged: true\n";
const TERRAFORM: &str = "resource \"aws_security_group\" \"in\" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n";

fn project() -> Folder {
    let folder = Folder::new(&[("Dockerfile", DOCKERFILE), ("compose.yaml", COMPOSE), ("k8s/web.yaml", PODS), ("main.tf", TERRAFORM)]);
    std::fs::remove_file(folder.path().join("plimsoll.toml")).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

fn agrees(name: &str, text: &str, means: &[Means]) {
    let folder = project();
    let (before, _) = folder.check(&["--select", "ALL"]);
    folder.write(name, text);
    let run = folder.run(&["migrate", name]);
    assert_eq!(run.code, Some(0), "{name}: {text}\n{run:?}");
    let written = folder.read("plimsoll.toml");
    let (report, check) = folder.check(&[]);
    assert!(!check.stderr.contains("plimsoll.toml"), "{check:?}\n{written}");
    assert!(!report["notices"].to_string().contains("no rule is named"), "{report}\n{written}");
    let (fires, could) = (fired(&report), fired(&before));
    let has = |list: &[String], rule: &str| list.iter().any(|line| line.starts_with(&format!("{rule} ")));
    for one in means {
        match one {
            Off(rule) => {
                assert!(has(&could, rule), "{rule} does not fire at all: {could:#?}");
                assert!(!has(&fires, rule), "{rule} still fires with\n{written}");
            }
            On(rule) => assert!(has(&fires, rule), "{rule} does not fire with\n{written}\n{fires:#?}"),
            Is(rule, severity) => {
                let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == *rule);
                assert_eq!(found.map(|finding| &finding["severity"]), Some(&serde_json::json!(severity)), "{written}");
            }
            Ends(code) => assert_eq!(check.code, Some(*code), "{written}"),
            Left(words) => {
                assert!(run.stderr.lines().any(|line| line.starts_with(&format!("{name}:")) && line.contains(words)), "{words}: {run:?}");
            }
            Writes(words) => assert!(written.contains(words), "{words}:\n{written}"),
        }
    }
}

#[test]
fn hadolint() {
    let file = ".hadolint.yaml";
    agrees(file, "ignored:\n  - DL3002\n", &[Off("docker/user-root"), On("docker/base-image-untagged")]);
    agrees(file, "ignored: [DL3006, DL3004]\n", &[Off("docker/base-image-untagged"), On("docker/user-root")]);
    agrees(file, "override:\n  error:\n    - DL3006\n", &[Is("docker/base-image-untagged", "high")]);
    agrees(
        file,
        "override:\n  info: [DL3002]\n  style: [DL3006]\n",
        &[Is("docker/user-root", "low"), Is("docker/base-image-untagged", "info")],
    );
    agrees(file, "failure-threshold: error\n", &[Writes("fail-on = \"high\"")]);
    agrees(file, "failure-threshold: none\n", &[Left("--exit-zero")]);
    agrees(file, "trustedRegistries:\n  - docker.io\n", &[Left("trustedRegistries")]);
    agrees(file, "no-fail: true\nlabel-schema:\n  author: text\n", &[Left("no-fail"), Left("label-schema")]);
    agrees(file, "format: sarif\n", &[Writes("format = \"sarif\"")]);
    agrees(file, "disable-ignore-pragma: true\nignored: [DL9999]\n", &[Left("--no-waivers"), Left("DL9999")]);
}

#[test]
fn trivy() {
    let file = ".trivyignore";
    agrees(file, "DS-0002\n", &[Off("docker/user-root"), On("docker/base-image-untagged")]);
    agrees(file, "# the agent needs it\nAVD-DS-0002\n", &[Off("docker/user-root"), Writes("the agent needs it")]);
    agrees(file, "AVD-DS-0002 exp:2999-01-01\n", &[Off("docker/user-root"), Writes("until = 2999-01-01")]);
    agrees(file, "AVD-DS-0002 exp:2001-01-01\n", &[On("docker/user-root"), On("plimsoll/waiver-expired")]);
    agrees(file, "CVE-2024-1234\nKSV-0017\n", &[Left("CVE-2024-1234"), Off("kubernetes/privileged")]);
    let file = ".trivyignore.yaml";
    agrees(
        file,
        "misconfigurations:\n  - id: AVD-DS-0002\n    paths: [\"Dockerfile\"]\n    statement: needed\n",
        &[Off("docker/user-root"), Writes("needed")],
    );
    agrees(file, "misconfigurations:\n  - id: AVD-DS-0002\n    paths: [\"other/Dockerfile\"]\n", &[On("docker/user-root")]);
    agrees(
        file,
        "misconfigurations:\n  - id: KSV-0017\n    expired_at: 2999-05-01\n",
        &[Off("kubernetes/privileged"), Writes("2999-05-01")],
    );
    agrees(file, "vulnerabilities:\n  - id: CVE-2023-1\nsecrets:\n  - id: aws\n", &[Left("vulnerabilities"), Left("secrets")]);
    agrees(file, "misconfigurations:\n  - paths: [a]\n", &[Left("without `id`")]);
    let file = "trivy.yaml";
    agrees(file, "severity:\n  - HIGH\n  - CRITICAL\n", &[Writes("fail-on = \"high\"")]);
    agrees(file, "severity: CRITICAL,MEDIUM\n", &[Writes("fail-on = \"medium\"")]);
    agrees(file, "exit-code: 0\n", &[Left("--exit-zero")]);
    agrees(file, "format: sarif\n", &[Writes("format = \"sarif\"")]);
    agrees(file, "format: cyclonedx\n", &[Left("format")]);
    agrees(file, "scan:\n  skip-dirs:\n    - k8s\n", &[Off("kubernetes/privileged")]);
    agrees(file, "scan:\n  skip-files:\n    - Dockerfile\n", &[Off("docker/user-root")]);
    agrees(file, "scan:\n  scanners: [vuln, misconfig]\n", &[Left("scanners")]);
    agrees(file, "ignorefile: .trivyignore\n", &[Left("ignorefile")]);
    agrees(file, "misconfiguration:\n  terraform:\n    vars: [a.tfvars]\n", &[Left("terraform")]);
}

#[test]
fn checkov() {
    let file = ".checkov.yaml";
    agrees(file, "skip-check:\n  - CKV_DOCKER_8\n", &[Off("docker/user-root")]);
    agrees(file, "skip-check:\n  - CKV_K8S_16\n  - CKV_DOCKER_8\n", &[Off("kubernetes/privileged"), Off("docker/user-root")]);
    agrees(file, "skip-check: [CKV_DOCKER*]\n", &[Off("docker/user-root"), On("kubernetes/privileged")]);
    agrees(file, "check:\n  - CKV_DOCKER_8\n", &[On("docker/user-root"), Off("kubernetes/privileged")]);
    agrees(file, "soft-fail: true\n", &[Left("--exit-zero")]);
    agrees(file, "hard-fail-on: [HIGH, CRITICAL]\n", &[Writes("fail-on = \"high\"")]);
    agrees(file, "soft-fail-on: [CKV_DOCKER_8]\n", &[Is("docker/user-root", "info")]);
    agrees(file, "skip-path:\n  - k8s\nframework: [dockerfile, kubernetes, secrets]\n", &[Off("kubernetes/privileged"), Left("secrets")]);
    agrees(file, "output: sarif\nexternal-checks-dir: [checks]\n", &[Writes("format = \"sarif\""), Left("external-checks-dir")]);
    agrees(file, "baseline: .checkov.baseline\ndirectory: [.]\nskip-check: [LOW]\n", &[Left("plimsoll baseline"), Left("LOW")]);
}

#[test]
fn kube_linter() {
    let file = ".kube-linter.yaml";
    agrees(file, "checks:\n  exclude:\n    - privileged-container\n", &[Off("kubernetes/privileged"), On("kubernetes/host-network")]);
    agrees(file, "checks:\n  exclude: [host-network, latest-tag]\n", &[Off("kubernetes/host-network"), On("kubernetes/privileged")]);
    agrees(
        file,
        "checks:\n  doNotAutoAddDefaults: true\n  include: [privileged-container]\n",
        &[On("kubernetes/privileged"), Off("kubernetes/host-network")],
    );
    agrees(file, "checks:\n  include: [read-secret-from-env-var]\n", &[On("kubernetes/privileged")]);
    agrees(file, "checks:\n  addAllBuiltIn: true\n", &[On("kubernetes/privileged"), Off("docker/user-root")]);
    agrees(
        file,
        "checks:\n  addAllBuiltIn: true\n  exclude: [privileged-container]\n",
        &[Off("kubernetes/privileged"), On("kubernetes/host-network")],
    );
    agrees(file, "checks:\n  ignorePaths:\n    - k8s/**\n", &[Off("kubernetes/privileged")]);
    agrees(file, "customChecks:\n  - name: team-label\n    template: required-label\n", &[Left("team-label")]);
    agrees(file, "checks:\n  exclude: [no-such-check]\n", &[Left("no-such-check")]);
    agrees(file, "checks: {}\n", &[On("kubernetes/privileged"), Ends(1)]);
}

#[test]
fn kics() {
    let file = "kics.config";
    let privileged = "dd29336b-fe57-445b-a26e-e6aa867ae609";
    agrees(file, &format!("{{\"exclude-queries\": [\"{privileged}\"]}}"), &[Off("kubernetes/privileged"), On("docker/user-root")]);
    agrees(file, &format!("exclude-queries:\n  - {privileged}\n"), &[Off("kubernetes/privileged")]);
    agrees(file, &format!("exclude-queries = \"{privileged}\"\n"), &[Off("kubernetes/privileged")]);
    agrees(file, &format!("{{\"include-queries\": [\"{privileged}\"]}}"), &[On("kubernetes/privileged"), Off("docker/user-root")]);
    agrees(file, "{\"exclude-paths\": [\"k8s\"]}", &[Off("kubernetes/privileged")]);
    agrees(file, "{\"fail-on\": [\"high\", \"critical\"]}", &[Writes("fail-on = \"high\"")]);
    agrees(file, "{\"exclude-severities\": \"info,low\"}", &[Writes("fail-on = \"medium\"")]);
    agrees(file, "{\"type\": [\"Dockerfile\", \"Ansible\"]}", &[On("docker/user-root"), Off("kubernetes/privileged"), Left("Ansible")]);
    agrees(file, "{\"exclude-results\": [\"ab12\"], \"ignore-on-exit\": \"all\"}", &[Left("similarity"), Left("--exit-zero")]);
    agrees(
        file,
        "{\"report-formats\": [\"sarif\"], \"exclude-type\": [\"Terraform\"]}",
        &[Writes("format = \"sarif\""), Off("terraform/sg-ingress-ssh-world")],
    );
}

#[test]
fn dclint() {
    let (file, yaml) = (".dclintrc", ".dclintrc.yaml");
    agrees(file, "{\"rules\": {\"no-version-field\": 0}}", &[Writes("no-version-field")]);
    agrees(file, "{\"rules\": {\"service-image-require-explicit-tag\": 0}}", &[Off("compose/image-unpinned"), On("compose/privileged")]);
    agrees(file, "{\"rules\": {\"service-image-require-explicit-tag\": 2}}", &[Is("compose/image-unpinned", "high")]);
    agrees(yaml, "rules:\n  service-image-require-explicit-tag: 1\n", &[Is("compose/image-unpinned", "medium")]);
    agrees(
        file,
        "{\"rules\": {\"service-image-require-explicit-tag\": [2, {\"prohibitedTags\": [\"x\"]}]}}",
        &[Is("compose/image-unpinned", "high"), Left("service-image-require-explicit-tag")],
    );
    agrees(file, "{\"exclude\": [\"compose.yaml\"]}", &[Off("compose/privileged")]);
    agrees(file, "{\"quiet\": true}", &[Writes("fail-on = \"high\"")]);
    agrees(file, "{\"rules\": {\"no-such-rule\": 1}}", &[Left("no-such-rule")]);
    agrees(yaml, "disableAllRules: true\n", &[Off("compose/privileged"), On("docker/user-root")]);
    agrees(file, "{\"rules\": {\"service-image-require-explicit-tag\": \"off\"}}", &[Left("0, 1 or 2")]);
}

#[test]
fn tally() {
    let file = ".tally.toml";
    agrees(file, "[rules]\nexclude = [\"hadolint/DL3002\"]\n", &[Off("docker/user-root")]);
    agrees(file, "[rules]\ninclude = [\"hadolint/DL3002\"]\n", &[On("docker/user-root"), Off("docker/base-image-untagged")]);
    agrees(file, "[rules.hadolint.DL3006]\nseverity = \"off\"\n", &[Off("docker/base-image-untagged")]);
    agrees(file, "[rules.hadolint.DL3006]\nseverity = \"error\"\n", &[Is("docker/base-image-untagged", "high")]);
    agrees(file, "[rules.hadolint.DL3002]\nseverity = \"style\"\n", &[Is("docker/user-root", "info")]);
    agrees(file, "[output]\nfail-level = \"warning\"\n", &[Writes("fail-on = \"medium\"")]);
    agrees(file, "[output]\nfail-level = \"none\"\nformat = \"sarif\"\n", &[Left("--exit-zero"), Writes("format = \"sarif\"")]);
    agrees(file, "[rules.tally.max-lines]\nmax = 100\n", &[Left("max")]);
    agrees(file, "[rules.hadolint.DL3002]\nexclude = { paths = [\"test/**\"] }\n", &[Left("[[overrides]]")]);
    agrees(file, "[inline-directives]\nrequire-reason = true\nenabled = false\n", &[Left("reason = true"), Left("--no-waivers")]);
}

#[test]
fn nothing_is_overwritten_and_nothing_found_is_said() {
    let folder = project();
    assert_eq!(folder.run(&["migrate"]).code, Some(3));
    folder.write(".hadolint.yaml", "ignored: [DL3002]\n");
    folder.write(".checkov.yaml", "skip-check: [CKV_K8S_16]\n");
    folder.write("plimsoll.toml", "# mine\n");
    assert_eq!(folder.run(&["migrate"]).code, Some(2));
    assert_eq!(folder.read("plimsoll.toml"), "# mine\n");
    let printed = folder.run(&["migrate", "--stdout"]);
    assert!(printed.stdout.contains("docker/user-root") && printed.stdout.contains("kubernetes/privileged"), "{printed:?}");
    folder.write(".hadolint.yaml", "ignored: [DL3002\n");
    let broken = folder.run(&["migrate", "--force"]);
    assert!(broken.code == Some(2) && broken.stderr.contains(".hadolint.yaml"), "{broken:?}");
}
