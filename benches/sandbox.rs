//! What the sandbox costs: the same rules over the same documents, in the built-in plugins as they ship and compiled into this process.
//!
//! `cargo bench --bench sandbox [-- FOLDER]`. Both sides judge every document in turn, round by round, with the rules of their target that
//! are on by default; parsing is outside the clock. Prints the medians and their ratio, and the same findings are demanded of both.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, reason = "prints what it measures")]

use plimsoll_document::{Document, KeyTable};
use plimsoll_engine::builtins;
use plimsoll_finding::Profile;
use plimsoll_formats::Files as _;
use plimsoll_host::{Host, Options, Unit};
use plimsoll_sdk::{Plugin, Session};
use plimsoll_source::{ConfigLookup, DiskFiles, FileKind, Root, Scope, discover};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let folder = named.unwrap_or_else(|| here.join("fixtures")).canonicalize().expect("a folder to judge");
    let documents = documents(&folder);
    let host = Host::new(&Options::default()).expect("this machine runs plugins");
    println!("{} documents of {}", documents.values().map(Vec::len).sum::<usize>(), folder.display());
    let side = |target: &str, ratios: &mut Vec<f64>| {
        let Some(documents) = documents.get(target) else { return };
        let ratio = match target {
            "docker" => measure(&host, target, &plimsoll_plugin_docker::PLUGIN, documents),
            "compose" => measure(&host, target, &plimsoll_plugin_compose::PLUGIN, documents),
            "kubernetes" => measure(&host, target, &plimsoll_plugin_kubernetes::PLUGIN, documents),
            _ => measure(&host, target, &plimsoll_plugin_terraform::PLUGIN, documents),
        };
        ratios.push(ratio);
    };
    let mut ratios = vec![];
    for target in ["docker", "compose", "kubernetes", "terraform"] {
        side(target, &mut ratios);
    }
    println!("largest ratio {:.2}", ratios.into_iter().fold(0.0, f64::max));
}

fn measure<O: Default>(host: &Host, target: &str, native: &'static Plugin<O>, documents: &[Document]) -> f64 {
    let (embedded, rules) = builtins().into_iter().find(|(embedded, _)| embedded.name == target).expect("a plugin of that name");
    let on: Vec<u32> = (0..).zip(rules).filter(|(_, rule)| rule.profile == Profile::Recommended).map(|(number, _)| number).collect();
    let plugin = host.load_builtin(embedded);
    let mut session = Session::new(native);
    let (mut sandboxed, mut natively): (Vec<Duration>, Vec<Duration>) = (vec![], vec![]);
    for round in 0..=ROUNDS {
        let (mut findings, mut same) = (0, 0);
        let start = Instant::now();
        for document in documents {
            findings += host.check(&plugin, &Unit::alone(&[document]), &on, None).findings.len();
        }
        let inside = start.elapsed();
        let start = Instant::now();
        for document in documents {
            same += session.check(target, vec![document.doc()], &[], &on).0.len();
        }
        let outside = start.elapsed();
        assert_eq!(findings, same, "both sides judge alike");
        // The first round loads code and fills caches.
        if round > 0 {
            sandboxed.push(inside);
            natively.push(outside);
        }
    }
    sandboxed.sort();
    natively.sort();
    let (inside, outside) = (sandboxed[ROUNDS / 2].as_secs_f64(), natively[ROUNDS / 2].as_secs_f64());
    let each = |seconds: f64| seconds * 1e6 / documents.len() as f64;
    println!(
        "{target:<11} {:>6} documents, {:>4} rules: sandboxed {:8.1} µs, native {:8.1} µs a document, ratio {:.2}",
        documents.len(),
        on.len(),
        each(inside),
        each(outside),
        inside / outside
    );
    inside / outside
}

/// Every document of a folder, by target.
fn documents(folder: &Path) -> BTreeMap<&'static str, Vec<Document>> {
    let keys = KeyTable::new();
    let scope = |_: &Root| Scope::default();
    let paths = [folder.to_owned()];
    let lookup = ConfigLookup::Isolated;
    let found = discover(&plimsoll_source::Request {
        cwd: folder,
        paths: &paths,
        stdin: None,
        lookup,
        threads: 0,
        scope: &scope,
        strict: false,
        listed: None,
        unsaved: &|_| None,
        remember: false,
    });
    let mut documents: BTreeMap<&'static str, Vec<Document>> = BTreeMap::new();
    for project in found.projects {
        let files = DiskFiles::new(&project.root.path, project.scope.max_size);
        let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &project.files {
            let path = file.path.as_str();
            let text = || files.read(path).ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).unwrap_or_default();
            match file.kind {
                FileKind::Dockerfile => {
                    let text = text();
                    let input = plimsoll_dockerfile::Input {
                        path,
                        text: &text,
                        context: None,
                        shipped: &[],
                        args: &[],
                        keys: &keys,
                        files: &files,
                    };
                    documents.entry("docker").or_default().push(plimsoll_dockerfile::parse(&input).document);
                }
                FileKind::Compose => {
                    let input = plimsoll_compose::Input { path, keys: &keys, files: &files };
                    documents.entry("compose").or_default().push(plimsoll_compose::parse(&input).document);
                }
                FileKind::Kubernetes => {
                    let text = text();
                    let input = plimsoll_kubernetes::Input { path, text: &text, keys: &keys };
                    documents.entry("kubernetes").or_default().extend(plimsoll_kubernetes::parse(&input).objects);
                }
                FileKind::Terraform => {
                    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
                    modules.entry(directory.to_owned()).or_default().push(path.to_owned());
                }
                _ => {}
            }
        }
        for (directory, files_in_module) in modules {
            let input = plimsoll_terraform::Input { directory: &directory, files_in_module: &files_in_module, keys: &keys, files: &files };
            documents.entry("terraform").or_default().push(plimsoll_terraform::parse(input).document);
        }
    }
    documents
}
