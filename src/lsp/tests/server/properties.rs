//! Whatever is typed: what the server says equals a cold check of the final texts, and stands where the command line says it stands.

use crate::client::{Client, able, options};
use plimsoll_engine::{Engine, Request};
use plimsoll_finding::{Finding, Severity};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const EDITS: usize = 100;
/// Times as many edits: ten thousand.
const CASES: u32 = 100;

const DOCUMENTS: [(&str, &str); 8] = [
    (
        "Dockerfile",
        "# syntax=docker/dockerfile:1\r\nFROM debian:12.7 AS a\r\n# é𝕏\r\nRUN apt-get install -y curl && \\\r\n\techo \"𝕏a\u{301}\"; sudo true\r\nUSER root\r\n",
    ),
    (".dockerignore", "*.md\n"),
    (
        "compose.yaml",
        "services:\n  web:\n    build: .\n    privileged: true # 𝕏\n    labels: {\"é𝕏\": \"\u{301}a\"}\n    ports: [\"80:80\"]\n",
    ),
    (
        "pod.yaml",
        "apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: \"a\"}\r\nspec:\r\n  containers:\r\n  - {name: \"𝕏\", image: nginx, securityContext: {privileged: true}}\r\n---\r\napiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: b\r\n",
    ),
    (
        "k8s/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80, targetPort: http}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"é𝕏\"\ndata: {password: \"hunter2-hunter2\"}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  selector:\n    app: api\n",
    ),
    (
        "k8s/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: \"𝕏\"\n          image: nginx\n          ports: [{name: http, containerPort: 80}]\n---\n# é\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    metadata:\n      labels: &l\n        app: web\n    spec:\n      containers:\n      - name: api\n        image: nginx:latest\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a, labels: {app: api}}\n  spec: &s\n    containers: [{name: c, image: nginx}]\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: *s\n",
    ),
    ("net/a.tf", "variable \"open\" {\n  default = [\"0.0.0.0/0\"] # 𝕏\n}\n"),
    (
        "net/b.tf",
        "resource \"aws_security_group\" \"a\" {\n  description = \"é𝕏\"\n  ingress {\n\tfrom_port = 22\n\tto_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = var.open\n  }\n}\n",
    ),
];

const SETTINGS: &str = "extend-select = [\"profile:strict\"]\n\n[[waiver]]\nrules = [\"docker/user-root\"]\npaths = [\"Dockerfile\"]\nreason = \"r\"\n\n[[waiver]]\nrules = [\"compose/privileged\"]\npaths = [\"compose.yaml\"]\nreason = \"r\"\nuntil = 2026-01-31\n";

const FRAGMENTS: [&str; 44] = [
    "",
    "",
    "",
    "",
    " ",
    "\t",
    "𝕏",
    "é",
    "a\u{301}",
    "\r\n",
    "\n",
    "\n  ",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "#",
    "$",
    "${x}",
    "\\",
    "&&",
    "FROM ",
    "USER root\n",
    "RUN apt-get install -y vim\n",
    "# plimsoll: ignore[docker/user-root] -- x\n",
    "# hadolint ignore=DL3002\n",
    "---\n",
    "- ",
    "image: nginx\n",
    "privileged: true\n",
    "root",
    "0.0.0.0/0",
    "app: web\n",
    "api",
    "\n---\n",
    "namespace: x\n",
    "kind: Pod\n",
    "<<EOF\n",
    "EOF\n",
    "null",
];

#[derive(Debug, Clone)]
struct Typed {
    document: usize,
    at: f64,
    length: usize,
    fragment: usize,
}

fn typed() -> impl Strategy<Value = Typed> {
    (0..DOCUMENTS.len(), 0.0..1.0_f64, 0..6_usize, 0..FRAGMENTS.len()).prop_map(|(document, at, length, fragment)| Typed {
        document,
        at,
        length,
        fragment,
    })
}

/// A boundary that the protocol can name: between characters, and not inside a line end.
fn boundary(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    if at > 0 && text.as_bytes()[at - 1] == b'\r' && text.as_bytes().get(at) == Some(&b'\n') { at - 1 } else { at }
}

fn units(encoding: &str, text: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

fn position(encoding: &str, text: &str, at: usize) -> Value {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": before.matches('\n').count(), "character": units(encoding, &before[start..])})
}

/// A line and column of the command line, as the protocol counts them.
fn expected(encoding: &str, text: &str, line: u32, column: u32) -> (u64, u64) {
    let content = text.split('\n').nth(line as usize - 1).unwrap();
    let content = content.strip_suffix('\r').unwrap_or(content);
    let before: String = content.chars().take(column as usize - 1).collect();
    (u64::from(line) - 1, units(encoding, &before) as u64)
}

type Said = (String, (u64, u64), (u64, u64), u64, String);

fn cold(texts: &BTreeMap<&str, String>, encoding: &str) -> BTreeMap<String, Vec<Said>> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| Engine::new(None).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (name, text) in texts {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let options = options(&root);
    let outcome = engine.check(&Request {
        cwd: &root,
        paths: &[],
        stdin: None,
        lookup: options.lookup,
        layer: options.layer,
        trust: vec![],
        fix: None,
        waivers: true,
        today: (options.today)(),
        threads: 0,
        alone: false,
        since: None,
        cache: None,
        shard: None,
        progress: None,
        organisation: None,
    });
    let mut said: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    let severity = |finding: &Finding| match finding.severity {
        Severity::Critical | Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Info => 4,
    };
    for finding in &outcome.findings {
        let (path, range) = (finding.at.path.to_string(), finding.at.range);
        let text = &texts[path.as_str()];
        let at = |place: plimsoll_finding::Position| expected(encoding, text, place.line, place.column);
        let one = (finding.rule.to_string(), at(range.start), at(range.end), severity(finding), finding.message.clone());
        said.entry(path).or_default().push(one);
    }
    for notice in outcome.notices.iter().filter_map(|notice| Some((notice, notice.at.as_ref()?))) {
        let one = (notice.0.kind.name().to_owned(), (0, 0), (0, 0), 0, notice.0.message.clone());
        said.entry(notice.1.path.to_string()).or_default().push(one);
    }
    for list in said.values_mut() {
        list.sort();
    }
    said
}

fn warm(client: &Client) -> BTreeMap<String, Vec<Said>> {
    let mut said: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for (path, told) in &client.published {
        let name = path.strip_prefix(client.root()).unwrap().to_str().unwrap().to_owned();
        for one in told["diagnostics"].as_array().unwrap() {
            let at = |end: &str| (one["range"][end]["line"].as_u64().unwrap(), one["range"][end]["character"].as_u64().unwrap());
            let code = one["code"].as_str().unwrap().to_owned();
            let message = one["message"].as_str().unwrap().to_owned();
            // Notices have no severity of their own on the command line, and their places are not what is asked here.
            let rule = code.contains('/');
            let (start, end) = if rule { (at("start"), at("end")) } else { ((0, 0), (0, 0)) };
            let severity = if rule { one["severity"].as_u64().unwrap() } else { 0 };
            said.entry(name.clone()).or_default().push((code, start, end, severity, message));
        }
    }
    for list in said.values_mut() {
        list.sort();
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn diagnostics_equal_a_cold_check(edits in proptest::collection::vec(typed(), EDITS), encoding in 0..3_usize) {
        let encoding = ["utf-8", "utf-16", "utf-32"][encoding];
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut files = DOCUMENTS.to_vec();
        files.push(("plimsoll.toml", SETTINGS));
        let mut client = Client::with(capabilities, json!(null), &files);
        let mut texts: BTreeMap<&str, String> = files.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        for (name, text) in DOCUMENTS {
            client.open(name, text);
        }
        for Typed { document, at, length, fragment } in edits {
            let name = DOCUMENTS[document].0;
            // Open, a document that begins as a Dockerfile does is judged as one, which a check of the folder does not do.
            let fragment = if name == ".dockerignore" && FRAGMENTS[fragment].contains("FROM") { 0 } else { fragment };
            let text = texts.get_mut(name).unwrap();
            let start = boundary(text, (at * text.len() as f64) as usize);
            let end = boundary(text, (start + length).min(text.len())).max(start);
            let range = json!({"start": position(encoding, text, start), "end": position(encoding, text, end)});
            client.change(name, json!([{"range": range, "text": FRAGMENTS[fragment]}]));
            text.replace_range(start..end, FRAGMENTS[fragment]);
        }
        // An answer about a document comes after the diagnostics of its present text.
        for (name, _) in DOCUMENTS {
            client.actions(name, 0, Some("nothing"));
        }
        let (warm, cold) = (warm(&client), cold(&texts, encoding));
        client.shut_down();
        prop_assert_eq!(warm, cold, "{:#?}", texts);
    }
}
