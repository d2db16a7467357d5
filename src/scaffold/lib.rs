//! Writes a new third-party plugin: a Cargo project that needs no checkout of ours, with one rule whose example passes.
//!
//! The SDK and what generates a plugin's registry are copied into it as sources, from this binary. Everything else comes from crates.io.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The SDK's sources, by their place in a plugin.
const SDK: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
/// What the sources' manifests take from a workspace.
const WORKSPACE: &str = include_str!(concat!(env!("OUT_DIR"), "/workspace.toml"));
/// A plugin's own files. `{name}` is its name.
const TEMPLATE: [(&str, &str); 7] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("README.md", include_str!("template/README.md.txt")),
    (".gitignore", "/target\n"),
    ("build.rs", include_str!("template/build.rs.txt")),
    ("src/lib.rs", include_str!("template/lib.rs.txt")),
    ("src/rules/source_label_missing.rs", include_str!("template/rule.rs.txt")),
    ("rules/{name}/source-label-missing.md", include_str!("template/rule.md.txt")),
];
/// Namespaces of our own rules.
const RESERVED: [&str; 6] = ["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll"];

/// Why no plugin was written.
#[derive(Debug)]
pub enum Error {
    /// The name cannot be a plugin's; the text says why.
    Name(String),
    /// The folder is there already, and not empty.
    Exists(PathBuf),
    /// A file could not be written.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(cause) => f.write_str(cause),
            Self::Exists(path) => write!(f, "{} exists and is not empty", path.display()),
            Self::Io(path, error) => write!(f, "failed to write {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Writes plugin `name` into `dir`, which is created; gives the files of the plugin's own, in the order to read them.
pub fn new_plugin(dir: &Path, name: &str) -> Result<Vec<PathBuf>, Error> {
    check_name(name)?;
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Exists(dir.to_owned()));
    }
    for (path, text) in SDK {
        write(dir.join(path), text)?;
    }
    let mut own = vec![];
    for (path, text) in TEMPLATE {
        let path = dir.join(path.replace("{name}", name));
        write(path.clone(), &text.replace("{name}", name).replace("{workspace}\n", WORKSPACE))?;
        own.push(path);
    }
    Ok(own)
}

fn check_name(name: &str) -> Result<(), Error> {
    let kebab = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !kebab {
        return Err(Error::Name(format!(
            "`{name}` cannot name a plugin: use lower-case letters, digits and single dashes, as in `acme-rules`"
        )));
    }
    // Its crate stands beside ours in one workspace.
    if RESERVED.contains(&name) || name.starts_with("plimsoll-") {
        return Err(Error::Name(format!("`{name}` is a name of ours; choose another, as in `acme-{name}`")));
    }
    Ok(())
}

fn write(path: PathBuf, text: &str) -> Result<(), Error> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
    written.map_err(|error| Error::Io(path, error))
}
