//! Parses Dockerfiles and says how it went: `cargo run --release --example corpus -- PATH…` walks folders for Dockerfiles and prints counts
//! and throughput; with `--tree` it prints the document of each file instead.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use plimsoll_dockerfile::{Input, looks_like, parse};
use plimsoll_document::{Doc, KeyTable, Kind, Node};
use plimsoll_formats::{NoFiles, ProblemKind};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let tree = paths.iter().position(|path| path == "--tree").map(|at| paths.remove(at)).is_some();
    let mut files = vec![];
    for path in &paths {
        collect(Path::new(path), &mut files);
    }
    let texts: Vec<(PathBuf, String)> =
        files.into_iter().filter_map(|path| std::fs::read_to_string(&path).ok().map(|text| (path, text))).collect();
    let keys = KeyTable::new();
    let input = |text| Input { path: "Dockerfile", text, context: None, shipped: &[], args: &[], keys: &keys, files: &NoFiles };
    if tree {
        for (path, text) in &texts {
            println!("{}", path.display());
            let parsed = parse(&input(text));
            for problem in &parsed.problems {
                println!("  problem {:?} {:?} {}", problem.kind, problem.at, problem.message);
            }
            show(parsed.document.doc().root(), 1);
        }
        return;
    }
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let (mut broken, mut templates, mut nodes, mut unknown, mut commands) = (0, 0, 0, 0, 0);
    for (_, text) in &texts {
        let parsed = parse(&input(text));
        templates += usize::from(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Template));
        broken += usize::from(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax));
        let doc = parsed.document.doc();
        nodes += doc.node_count() as usize;
        let (of_scripts, without) = scripts(doc);
        commands += of_scripts;
        unknown += without;
    }
    // The best of several rounds: the machine may be busy.
    let round = || {
        let start = Instant::now();
        for (_, text) in &texts {
            std::hint::black_box(parse(&input(text)));
        }
        start.elapsed().as_secs_f64()
    };
    let seconds = (0..20).take(if texts.len() < 5 { 1 } else { 20 }).map(|_| round()).fold(f64::MAX, f64::min);
    println!("{} files, {bytes} bytes, {broken} broken, {templates} templates, {nodes} nodes", texts.len());
    println!("{commands} commands, {unknown} scripts not parsed");
    println!("{:.1} ms, {:.1} MB/s", seconds * 1e3, f64::from(bytes as u32) / seconds / 1e6);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if entry.is_symlink() || name == ".git" {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, files);
        } else if looks_like(&name) {
            files.push(entry);
        }
    }
}

fn scripts(doc: Doc<'_>) -> (usize, usize) {
    let mut left = vec![doc.root()];
    let (mut commands, mut without) = (0, 0);
    while let Some(node) = left.pop() {
        if node.is_ref() {
            continue;
        }
        if node.key() == "commands" {
            commands += node.len() as usize;
            without += usize::from(node.kind() == Kind::Unknown);
        }
        left.extend(node.children());
    }
    (commands, without)
}

fn show(node: Node<'_>, depth: usize) {
    let pad = "  ".repeat(depth);
    let span = node.span();
    let flags = node.flags().0;
    let head = format!(
        "{pad}{} [{}:{}..{}]{}",
        node.key(),
        span.source,
        span.start,
        span.end,
        if flags == 0 { String::new() } else { format!(" flags={flags:b}") }
    );
    if node.is_ref() {
        println!("{head} -> {}", node.target().index());
        return;
    }
    match node.kind() {
        Kind::Map | Kind::List => {
            println!("{head} #{}", node.index());
            for child in node.children() {
                show(child, depth + 1);
            }
        }
        Kind::Unknown => println!("{head} unknown: {}", node.cause().unwrap_or_default()),
        Kind::Bool => println!("{head} {:?}", node.as_bool()),
        Kind::Number => println!("{head} {:?}", node.as_f64()),
        Kind::String => {
            let origin: Vec<_> = node.origin().map(|entry| (entry.role, entry.at.start, entry.at.end)).collect();
            println!(
                "{head} {:?} {}",
                node.as_str().unwrap_or_default(),
                if origin.is_empty() { String::new() } else { format!("{origin:?}") }
            );
        }
        Kind::Null | Kind::Ref => println!("{head} null"),
    }
}
