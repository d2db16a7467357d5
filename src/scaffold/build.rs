//! Embeds the SDK's sources: a new plugin gets a copy, so that it builds without our checkout and keeps building.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders of the repository, and where they stand in a plugin.
const VENDORED: [(&str, &str); 6] = [
    ("sdk/document", "sdk/document"),
    ("sdk/condition", "sdk/condition"),
    ("sdk/rust", "sdk/rust"),
    ("sdk/wit", "sdk/wit"),
    ("src/finding", "sdk/finding"),
    ("src/rulebook", "sdk/rulebook"),
];
/// What a copy does without.
const LEFT_OUT: [&str; 5] = ["tests", "benches", "fuzz", "target", "proptest-regressions"];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..").canonicalize().expect("the repository");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut list = String::from("&[\n");
    let mut used = BTreeSet::new();
    for (from, to) in VENDORED {
        println!("cargo::rerun-if-changed={}", root.join(from).display());
        for path in files(&root.join(from)) {
            let relative = path.strip_prefix(root.join(from)).expect("below it").to_string_lossy().replace('\\', "/");
            let target = format!("{to}/{relative}");
            if relative == "Cargo.toml" {
                let manifest = without_dev_parts(&fs::read_to_string(&path).expect("a manifest"));
                used.extend(manifest.lines().filter_map(dependency).map(str::to_owned));
                let copy = out.join(target.replace('/', "-"));
                fs::write(&copy, manifest).expect("OUT_DIR is writable");
                writeln!(list, "    ({target:?}, include_str!({:?})),", copy.to_string_lossy()).expect("string");
            } else {
                writeln!(list, "    ({target:?}, include_str!({:?})),", path.to_string_lossy()).expect("string");
            }
        }
    }
    for name in ["Cargo.lock", "rust-toolchain.toml"] {
        println!("cargo::rerun-if-changed={}", root.join(name).display());
        writeln!(list, "    ({name:?}, include_str!({:?})),", root.join(name).to_string_lossy()).expect("string");
    }
    list.push(']');
    println!("cargo::rerun-if-changed={}", root.join("Cargo.toml").display());
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace's manifest");
    fs::write(out.join("files.rs"), list).expect("OUT_DIR is writable");
    fs::write(out.join("workspace.toml"), workspace(&manifest, &used)).expect("OUT_DIR is writable");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = vec![];
    let mut entries: Vec<_> = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            // `examples` beside a Cargo.toml with a `src` folder are Cargo's; those of a crate without one are modules.
            let examples = name == "examples" && dir.join("src").is_dir();
            if !LEFT_OUT.contains(&name.as_str()) && !examples {
                out.extend(files(&path));
            }
        } else if fs::read(&path).is_ok_and(|bytes| String::from_utf8(bytes).is_ok()) {
            out.push(path);
        }
    }
    out
}

/// A manifest without its dev-dependencies, benches and tests: their files are left out.
fn without_dev_parts(manifest: &str) -> String {
    let mut keep = true;
    let mut out = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            keep = !["[dev-dependencies", "[[bench", "[[test", "[[example"].iter().any(|part| line.starts_with(part));
        }
        if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The name of a dependency that a line of a manifest takes from the workspace.
fn dependency(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(['.', ' ', '='])?;
    (rest.contains("workspace") && !["version", "edition", "rust-version", "license", "publish", "workspace"].contains(&name))
        .then_some(name)
}

/// The parts of our workspace's manifest that the copies refer to.
fn workspace(manifest: &str, used: &BTreeSet<String>) -> String {
    let section = |name: &str| {
        let start = manifest.find(&format!("[{name}]\n")).expect("the section is there");
        let body = &manifest[start..];
        body[..body.find("\n[").map_or(body.len(), |end| end + 1)].to_owned()
    };
    let mut out = section("workspace.package");
    out.push_str("[workspace.lints.rust]\nunsafe_code = \"deny\"\n\n[workspace.dependencies]\n");
    for line in section("workspace.dependencies").lines().skip(1) {
        if line.split([' ', '=']).next().is_some_and(|name| used.contains(name) || name == "plimsoll-sdk" || name == "plimsoll-rulebook") {
            let line = VENDORED.iter().fold(line.to_owned(), |line, (from, to)| line.replace(&format!("\"{from}\""), &format!("\"{to}\"")));
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}
