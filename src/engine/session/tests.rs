#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
//! A session against cold runs over the same bytes.

use super::*;
use crate::run::Request;
use crate::shown::Shown;
use plimsoll_finding::{Finding, Notice};
use tempfile::TempDir;

struct Bench {
    folder: TempDir,
    engine: Arc<Engine>,
    session: Session,
}

fn day() -> Date {
    "2026-06-01".parse().unwrap()
}

impl Bench {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(folder.path(), name, text);
        }
        let engine = Arc::new(Engine::new(None).unwrap());
        let settings = Settings {
            lookup: ConfigLookup::Closest,
            layer: Layer::default(),
            trust: vec![],
            deadline: Duration::from_millis(150),
            today: day,
        };
        let mut bench = Self { session: Session::new(engine.clone(), settings), folder, engine };
        bench.session.set_folders(&[bench.root()]);
        bench.settle();
        bench
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn edit(&mut self, name: &str, text: &str) {
        let path = self.root().join(name);
        self.session.edit(&path, Some(text.into()));
    }

    fn write(&mut self, name: &str, text: &str) {
        write(&self.root(), name, text);
        let path = self.root().join(name);
        self.session.touch(&path);
    }

    /// Does all the work there is; gives the number of jobs judged.
    fn settle(&mut self) -> usize {
        let mut judged = 0;
        while let Some(task) = self.session.next(true) {
            judged += usize::from(matches!(task.kind, Kind::Judge(_)));
            self.session.accept(task.run());
        }
        judged
    }

    /// What `plimsoll check` says of the folder if the open documents were saved.
    fn cold(&self) -> (Vec<Finding>, Vec<Finding>, Vec<Notice>) {
        let copy = tempfile::tempdir().unwrap();
        for entry in walk(&self.root()) {
            let path = self.root().join(&entry);
            let text = self.session.buffers().get(&path).map_or_else(|| std::fs::read(&path).unwrap(), |text| text.to_vec());
            write_bytes(copy.path(), &entry, &text);
        }
        for path in self.session.buffers().paths() {
            let relative = path.strip_prefix(self.root()).unwrap().to_str().unwrap();
            write_bytes(copy.path(), relative, &self.session.buffers().get(path).unwrap());
        }
        let cwd = copy.path().canonicalize().unwrap();
        let request = Request { today: day(), ..self.session.ground.request(&cwd, &[]) };
        let outcome = self.engine.check(&request);
        assert_eq!(outcome.errors, Vec::<String>::new());
        // As if the copy lay where the folder lies.
        let (root, nowhere) = (self.root(), PathBuf::from("\0"));
        let shown = Shown::new(&root, &nowhere);
        let findings = |list: Vec<Finding>| list.into_iter().map(|finding| shown.finding(finding)).collect();
        (findings(outcome.findings), findings(outcome.waived), outcome.notices.into_iter().map(|notice| shown.notice(notice)).collect())
    }

    /// Everything the session says.
    fn warm(&self) -> (Vec<Finding>, Vec<Finding>, Vec<Notice>) {
        let files: BTreeSet<PathBuf> = self.session.scopes.values().flat_map(Scope::files).collect();
        let mut all = (vec![], vec![], vec![]);
        for file in files {
            let report = self.session.report(&file);
            all.0.extend(report.findings);
            all.1.extend(report.waived);
            all.2.extend(report.notices);
        }
        all
    }

    #[track_caller]
    fn agree(&self) {
        let order = |findings: &mut Vec<Finding>| {
            findings.sort_by_key(|finding| (finding.at.clone(), finding.rule.clone(), finding.message.clone()));
        };
        let (mut warm, mut cold) = (self.warm(), self.cold());
        for both in [&mut warm, &mut cold] {
            order(&mut both.0);
            order(&mut both.1);
            both.2.sort_by_key(|notice| (notice.at.clone(), notice.message.clone()));
        }
        assert_eq!(warm.0, cold.0);
        assert_eq!(warm.1, cold.1);
        assert_eq!(warm.2, cold.2);
    }

    fn rules(&self, name: &str) -> Vec<String> {
        self.session.report(&self.root().join(name)).findings.iter().map(|finding| finding.rule.to_string()).collect()
    }
}

fn write(root: &Path, name: &str, text: &str) {
    write_bytes(root, name, text.as_bytes());
}

fn write_bytes(root: &Path, name: &str, text: &[u8]) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn walk(root: &Path) -> Vec<String> {
    let mut found = vec![];
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.push(entry.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

const DOCKERFILE: &str = "FROM debian:12.7\nRUN apt-get install -y curl\nUSER root\n";
const COMPOSE: &str = "services:\n  web:\n    build: .\n    privileged: true\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: c, image: nginx}\n";
const TF: &str = "variable \"open\" {\n  default = [\"0.0.0.0/0\"]\n}\n";
const TF_USE: &str = "resource \"aws_security_group\" \"a\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = var.open\n  }\n}\n";

fn mixed() -> Bench {
    Bench::new(&[
        ("plimsoll.toml", ""),
        ("Dockerfile", DOCKERFILE),
        ("compose.yaml", COMPOSE),
        ("k8s/pod.yaml", POD),
        ("net/a.tf", TF),
        ("net/b.tf", TF_USE),
    ])
}

#[test]
fn first_pass_equals_a_cold_run() {
    let bench = mixed();
    assert!(!bench.rules("Dockerfile").is_empty() && !bench.rules("net/b.tf").is_empty(), "{:?}", bench.warm());
    bench.agree();
    assert_eq!(bench.session.progress(), Some((4, 4)));
}

#[test]
fn edit_judges_what_depends_on_it_and_nothing_else() {
    let mut bench = mixed();
    bench.edit("k8s/pod.yaml", &POD.replace("nginx", "nginx:1.27"));
    assert_eq!(bench.settle(), 1);
    bench.agree();
    bench.edit("net/a.tf", &TF.replace("0.0.0.0/0", "10.0.0.0/8"));
    assert_eq!(bench.settle(), 1);
    bench.agree();
    // The Compose project reads the Dockerfile that it builds.
    bench.edit("Dockerfile", "FROM debian:12.7\nUSER app\n");
    assert_eq!(bench.settle(), 2);
    bench.agree();
}

#[test]
fn unsaved_module_file_counts_for_its_siblings() {
    let mut bench = mixed();
    assert!(bench.rules("net/b.tf").iter().any(|rule| rule.starts_with("terraform/")));
    let open = |bench: &Bench| bench.rules("net/b.tf").iter().filter(|rule| rule.contains("ingress")).count();
    let before = open(&bench);
    assert!(before > 0, "{:?}", bench.rules("net/b.tf"));
    bench.edit("net/a.tf", &TF.replace("0.0.0.0/0", "10.1.2.0/24"));
    bench.settle();
    assert_eq!(open(&bench), 0);
    let path = bench.root().join("net/a.tf");
    bench.session.edit(&path, None);
    bench.settle();
    assert_eq!(open(&bench), before);
    bench.agree();
}

#[test]
fn ignore_file_and_overrides_come_and_go() {
    let mut bench = mixed();
    bench.write(".dockerignore", "*\n");
    bench.settle();
    bench.agree();
    bench.write("compose.override.yaml", "services:\n  web:\n    privileged: false\n");
    bench.settle();
    bench.agree();
    std::fs::remove_file(bench.root().join("compose.override.yaml")).unwrap();
    let path = bench.root().join("compose.override.yaml");
    bench.session.touch(&path);
    bench.settle();
    bench.agree();
}

#[test]
fn file_that_becomes_kubernetes_is_judged() {
    let mut bench = mixed();
    bench.write("k8s/other.yaml", "a: b\n");
    bench.settle();
    bench.edit("k8s/other.yaml", POD);
    bench.settle();
    assert!(!bench.rules("k8s/other.yaml").is_empty());
    bench.agree();
    bench.edit("k8s/other.yaml", "a: b\n");
    bench.settle();
    assert!(bench.rules("k8s/other.yaml").is_empty());
    bench.agree();
}

#[test]
fn new_document_is_judged_before_it_is_saved() {
    let mut bench = mixed();
    bench.edit("net/c.tf", TF_USE.replace("\"a\"", "\"c\"").as_str());
    bench.settle();
    assert!(!bench.rules("net/c.tf").is_empty());
    bench.edit("api/Dockerfile", DOCKERFILE);
    bench.settle();
    assert!(!bench.rules("api/Dockerfile").is_empty());
}

#[test]
fn settings_are_reloaded_from_the_buffer() {
    let mut bench = mixed();
    bench.edit("plimsoll.toml", "ignore = [\"docker\"]\n");
    bench.settle();
    assert_eq!(bench.rules("Dockerfile"), Vec::<String>::new());
    bench.agree();
    bench.edit("plimsoll.toml", "[[waiver]]\nrules = [\"docker/user-root\"]\npaths = [\"Dockerfile\"]\nreason = \"r\"\n\n[[waiver]]\nrules = [\"docker/apk-no-cache\"]\npaths = [\"k8s\"]\nreason = \"r\"\n");
    bench.settle();
    bench.agree();
    // What is half typed leaves the last settings in force, and says what is wrong.
    let before = bench.rules("Dockerfile");
    bench.edit("plimsoll.toml", "ignore = [\"dock");
    bench.settle();
    assert_eq!(bench.rules("Dockerfile"), before);
    let report = bench.session.report(&bench.root().join("plimsoll.toml"));
    assert!(report.notices.iter().any(|notice| notice.message.contains("TOML")), "{report:?}");
}

#[test]
fn what_is_wrong_in_two_objects_of_a_file_is_said_once() {
    let mut bench = mixed();
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: text\n";
    bench.edit("plimsoll.toml", "extend-select = [\"profile:strict\"]\n");
    bench.edit("k8s/two.yaml", &format!("{object}---\n{object}"));
    bench.settle();
    let report = bench.session.report(&bench.root().join("k8s/two.yaml"));
    let said: Vec<&str> = report.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert!(said.iter().any(|one| one.contains("default-namespace-used")), "{said:?}");
    assert!(said.iter().enumerate().all(|(at, one)| !said[..at].contains(one)), "{said:?}");
    bench.agree();
}

#[test]
fn document_outside_of_all_folders_is_judged_alone() {
    let mut bench = mixed();
    let other = tempfile::tempdir().unwrap();
    let path = other.path().canonicalize().unwrap().join("Dockerfile");
    bench.session.edit(&path, Some(DOCKERFILE.into()));
    bench.settle();
    assert!(bench.session.is_settled(&path) && !bench.session.report(&path).findings.is_empty());
    bench.session.edit(&path, None);
    bench.settle();
    assert!(bench.session.report(&path).is_empty());
}

#[test]
fn verdict_that_an_edit_overtook_is_dropped() {
    let mut bench = mixed();
    bench.edit("Dockerfile", "FROM debian\nUSER root\n");
    let task = bench.session.next(true).unwrap();
    bench.edit("Dockerfile", "FROM debian:12.7\nUSER app\n");
    let path = bench.root().join("Dockerfile");
    assert!(bench.session.accept(task.run()).judged.is_empty() && !bench.session.is_settled(&path));
    bench.settle();
    assert!(bench.session.is_settled(&path));
    bench.agree();
}

#[test]
fn closed_folder_takes_its_findings_along() {
    let mut bench = mixed();
    let path = bench.root().join("Dockerfile");
    bench.session.take_changed();
    bench.session.set_folders(&[]);
    assert!(bench.session.take_changed().contains(&path) && bench.session.report(&path).is_empty());
}

#[test]
fn edit_during_the_first_verdict_overtakes_it() {
    let mut bench = mixed();
    bench.write("new/Dockerfile", DOCKERFILE);
    let task = loop {
        let task = bench.session.next(true).unwrap();
        if matches!(task.kind, Kind::Judge(_)) {
            break task;
        }
        bench.session.accept(task.run());
    };
    // Nobody knows yet what the running job asks for.
    bench.edit("new/Dockerfile", "FROM debian:12.7\nUSER app\n");
    bench.session.accept(task.run());
    bench.settle();
    bench.agree();
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector:\n    app: web\n";

fn deployment(label: &str) -> String {
    format!("{}{}", POD.replace("{name: a}", "{name: a, labels: {app: LABEL}}").replace("LABEL", label), "# end\n")
}

#[test]
fn workload_and_service_are_judged_together() {
    let mut bench =
        Bench::new(&[("plimsoll.toml", ""), ("s/service.yaml", SERVICE), ("w/web.yaml", &deployment("web")), ("w/x.yaml", POD)]);
    let dangling = |bench: &Bench| bench.rules("s/service.yaml").iter().any(|rule| rule == "kubernetes/service-without-pods");
    assert!(!dangling(&bench));
    bench.agree();
    // Its labels as typed, though the file was not saved; what else changes in it is no matter of the Service's, but for places.
    bench.edit("w/web.yaml", &deployment("website"));
    bench.settle();
    assert!(dangling(&bench));
    bench.agree();
    bench.edit("w/x.yaml", &deployment("api"));
    assert_eq!(bench.settle(), 1, "no Service selects it");
    bench.edit("w/x.yaml", &deployment("web"));
    assert_eq!(bench.settle(), 2);
    assert!(!dangling(&bench));
    bench.agree();
    bench.edit("s/service.yaml", &SERVICE.replace("app: web", "app: api"));
    bench.settle();
    assert!(dangling(&bench));
    bench.agree();
    // What cannot be read may be what is looked for.
    bench.edit("w/x.yaml", &deployment("{{ .Values.name }}"));
    bench.settle();
    assert!(!dangling(&bench));
    bench.agree();
    let path = bench.root().join("w/x.yaml");
    bench.session.edit(&path, None);
    std::fs::remove_file(&path).unwrap();
    bench.session.touch(&path);
    bench.settle();
    assert!(dangling(&bench));
    bench.agree();
    bench.write("w/late.yaml", &deployment("api"));
    bench.settle();
    assert!(!dangling(&bench));
    bench.agree();
}

#[test]
fn service_and_workload_edited_at_once_agree_in_the_end() {
    let mut bench = Bench::new(&[("plimsoll.toml", ""), ("service.yaml", SERVICE), ("web.yaml", &deployment("web"))]);
    bench.edit("service.yaml", SERVICE);
    bench.edit("web.yaml", &deployment("web"));
    bench.settle();
    // The Service is judged over a text of the workload that is gone before the workload's own verdict is there.
    bench.edit("web.yaml", &deployment("api"));
    bench.edit("service.yaml", &format!("{SERVICE}# x\n"));
    let tasks: Vec<Task> = std::iter::from_fn(|| bench.session.next(true)).collect();
    bench.edit("web.yaml", &deployment("web"));
    for task in tasks {
        bench.session.accept(task.run());
    }
    bench.settle();
    bench.agree();
}

#[test]
fn service_outside_of_all_folders_sees_its_repository() {
    let mut bench = mixed();
    let other = tempfile::tempdir().unwrap();
    let root = other.path().canonicalize().unwrap();
    std::fs::create_dir(root.join(".git")).unwrap();
    write(&root, "web.yaml", &deployment("api"));
    let path = root.join("service.yaml");
    bench.session.edit(&path, Some(SERVICE.into()));
    bench.settle();
    assert_eq!(bench.session.report(&path).findings.len(), 1);
    bench.session.edit(&root.join("web.yaml"), Some(deployment("web").as_str().into()));
    bench.settle();
    assert!(bench.session.report(&path).is_empty());
}
