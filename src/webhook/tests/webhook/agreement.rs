//! `plimsoll check --as-admission` and the webhook say the same of every Kubernetes object there is here: fixtures, the examples of every
//! rule, our own deployment, and the folder that `PLIMSOLL_CORPUS` names.

use crate::client::create;
use crate::server::{Options, Server};
use plimsoll_config::{Layer, Sourced};
use plimsoll_engine::{Engine, Outcome, Request};
use plimsoll_finding::Finding;
use plimsoll_source::ConfigLookup;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Rule, severity, address, fingerprint, message.
type Line = (String, String, String, String, String);

/// Every rule is in force, and none refuses: so the answer lists all findings.
const CONFIG: &str = "select = [\"ALL\"]\n[serve]\njudge-system = true\nmax-body = \"64MB\"\n[[serve.enforce]]\naction = \"audit\"\n";

fn line(finding: &Finding) -> Line {
    let Finding { rule, severity, address, fingerprint, message, .. } = finding;
    (rule.to_string(), severity.name().to_owned(), address.clone(), fingerprint.clone(), message.clone())
}

fn told(response: &Value) -> Vec<Line> {
    let Some(text) = response["auditAnnotations"]["findings"].as_str() else { return vec![] };
    let list: Vec<Value> = serde_json::from_str(text).unwrap();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_else(|| panic!("the answer is cut: {one}")).to_owned();
    list.iter()
        .map(|one| (text(one, "rule"), text(one, "severity"), text(one, "address"), text(one, "fingerprint"), text(one, "message")))
        .collect()
}

/// The objects of a YAML text as JSON, read by another parser than ours.
fn objects(text: &str) -> Vec<Value> {
    let mut objects = vec![];
    for document in serde_yaml::Deserializer::from_str(text) {
        // After text that it cannot read, this parser finds the same error again, without end.
        let Ok(mut value) = <serde_yaml::Value as serde::Deserialize>::deserialize(document) else { break };
        let _ = value.apply_merge();
        let Ok(value) = serde_json::to_value(value) else { continue };
        collect(value, &mut objects);
    }
    objects
}

fn collect(value: Value, objects: &mut Vec<Value>) {
    if !(value["apiVersion"].is_string() && value["kind"].is_string()) {
        return;
    }
    let list = value["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) && value["spec"].is_null();
    match value["items"].as_array().cloned().filter(|_| list) {
        Some(items) => items.into_iter().for_each(|item| collect(item, objects)),
        None => objects.push(value),
    }
}

/// Files that may hold objects, and the examples of rules as files.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && name != "templates" {
            files(&path, found);
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
            found.push(path);
        }
    }
}

fn examples(into: &Path) {
    let book = plimsoll_rulebook::Rulebook::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"));
    for rule in book.rules.iter().filter(|rule| rule.meta.target == "kubernetes") {
        for (number, example) in rule.examples.iter().enumerate() {
            for file in &example.files {
                let path = into.join(format!("{}-{number}-{}", rule.meta.id.replace('/', "-"), file.name.replace('/', "-")));
                std::fs::write(path, &file.text).unwrap();
            }
        }
    }
}

fn cli(engine: &Engine, path: &Path) -> Outcome {
    let folder = path.parent().unwrap();
    engine.check_as_admission(&Request {
        cwd: folder,
        paths: &[path.to_owned()],
        stdin: None,
        lookup: ConfigLookup::Isolated,
        layer: Layer { select: Some(vec![Sourced::command_line("ALL".to_owned())]), ..Layer::default() },
        trust: vec![],
        fix: None,
        waivers: true,
        today: plimsoll_verdict::today(),
        threads: 1,
        alone: true,
        cache: None,
        shard: None,
        progress: None,
        organisation: None,
        since: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn command_line_and_webhook_agree_on_every_object() {
    let server = Server::start(Options { config: CONFIG.to_owned(), ..Options::default() }).await.unwrap();
    let mut open = server.client().open().await.unwrap();
    let engine = Engine::new(None).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    examples(folder.path());
    let deleting = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, deletionTimestamp: \"2026-01-01T00:00:00Z\"}\nspec: {containers: [{name: a, image: b}]}\n";
    std::fs::write(folder.path().join("deleting.yaml"), deleting).unwrap();
    let mut paths = vec![];
    for place in [folder.path(), &root.join("fixtures"), &root.join("deploy")] {
        files(place, &mut paths);
    }
    let own = paths.len();
    if let Some(corpus) = std::env::var_os("PLIMSOLL_CORPUS") {
        files(Path::new(&corpus), &mut paths);
    }
    let (mut judged, mut found, mut wrong) = (0, 0, vec![]);
    for path in &paths {
        let outcome = cli(&engine, path);
        // A file that one of the parsers cannot read says nothing about agreement: what is equal must be equal JSON.
        if outcome.notices.iter().any(|notice| notice.incomplete || notice.kind == plimsoll_finding::NoticeKind::Template) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let objects = objects(&text);
        if outcome.judged != objects.len() {
            assert!(
                !path.starts_with(&root) || paths.iter().position(|other| other == path) >= Some(own),
                "{}: {} objects, {} judged",
                path.display(),
                objects.len(),
                outcome.judged
            );
            continue;
        }
        let mut ours: Vec<Line> = outcome.findings.iter().map(line).collect();
        let mut theirs = vec![];
        for object in objects {
            let answer = open.send("/validate", "application/json", create(&object).to_string()).await.unwrap();
            if answer.status != 200 || answer.response()["allowed"] != true {
                wrong.push(format!("{}: {}", path.display(), answer.text()));
                continue;
            }
            theirs.extend(told(&answer.response()));
            judged += 1;
        }
        ours.sort();
        theirs.sort();
        if ours != theirs {
            let only = |these: &[Line], those: &[Line]| -> Vec<Line> { these.iter().filter(|one| !those.contains(one)).cloned().collect() };
            let (here, there) = (only(&ours, &theirs), only(&theirs, &ours));
            wrong.push(format!("{}: command line only {here:#?}, webhook only {there:#?}", path.display()));
        }
        found += ours.len();
    }
    assert!(
        wrong.is_empty(),
        "{} of {} files:\n{}",
        wrong.len(),
        paths.len(),
        wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n")
    );
    eprintln!("{judged} objects of {} files, {found} findings: equal", paths.len());
    assert!(judged > 300 && found > 300, "{judged} objects, {found} findings: too few to say anything");
}
