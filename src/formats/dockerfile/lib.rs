//! Dockerfiles: text to document.
//!
//! Everything BuildKit reads is read here as it reads it (lines and directives, heredocs, flags, exec and shell form, `ARG` and `ENV` with
//! their scopes and modifiers), with the place of every word in the source. On top come the stage graph, what is in force where, the
//! commands of every shell program, and what is known of the build context. What BuildKit refuses is a problem with its line; reading goes
//! on at the next line that starts with a keyword.

mod argument;
mod context;
mod directive;
mod duration;
mod exec_form;
mod flag;
mod heredoc;
mod image;
mod instruction;
mod keyword;
mod lex;
mod mount;
mod pattern;
mod reader;
mod shell;
mod text;
mod tree;
mod unit;
mod variable;

pub mod ignore;

use plimsoll_document::KeyTable;
use plimsoll_formats::{Files, Parsed};

/// A Dockerfile and what is known around it.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Path relative to the project root, `/`-separated.
    pub path: &'a str,
    /// Its text. A byte order mark may stand in front.
    pub text: &'a str,
    /// Directory of the build context, relative to the project root (`""` or `.` for the root); the Dockerfile's own if not given.
    pub context: Option<&'a str>,
    /// Stages that settings or a relation say are shipped, besides the last; by name (whatever its case) or by number.
    pub shipped: &'a [String],
    /// Build arguments that a relation gives (a Compose service's `build.args`).
    pub args: &'a [(String, String)],
    /// Symbols of keys.
    pub keys: &'a KeyTable,
    /// The project's files: ignore files and the listing of the context.
    pub files: &'a dyn Files,
}

impl core::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Input").field("path", &self.path).field("context", &self.context).finish_non_exhaustive()
    }
}

/// Parses a Dockerfile. Never fails: what cannot be read is a problem, and what encloses it is open.
///
/// A file with template markup that does not parse gives one [`plimsoll_formats::ProblemKind::Template`] problem and no stages. Comments
/// include the parser directives, which cover nothing.
pub fn parse(input: &Input<'_>) -> Parsed {
    tree::parse(input)
}

/// Whether a file of this name is a Dockerfile: `Dockerfile`, `Containerfile`, either with a suffix (`Dockerfile.dev`, `Dockerfile-dev`) or
/// as one (`api.Dockerfile`), in any case. Ignore files and archives are not.
pub fn looks_like(name: &str) -> bool {
    const OTHERS: [&str; 12] = ["dockerignore", "md", "txt", "bak", "orig", "swp", "gz", "zip", "rs", "go", "py", "sh"];
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    if OTHERS.contains(&extension) {
        return false;
    }
    ["dockerfile", "containerfile"].iter().any(|kind| match lower.strip_prefix(kind) {
        Some(rest) => rest.is_empty() || rest.starts_with(['.', '-', '_']),
        None => extension == *kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles() {
        for name in ["Dockerfile", "dockerfile", "Dockerfile.dev", "Dockerfile-alpine", "api.Dockerfile", "api.dockerfile", "Containerfile"]
        {
            assert!(looks_like(name), "{name}");
        }
        for name in ["Dockerfile.dockerignore", "Dockerfile.md", "mydockerfile", "dockerfiles", ".dockerignore", "dockerfile.rs"] {
            assert!(!looks_like(name), "{name}");
        }
    }
}
