//! Compose projects: files into one document of target `compose`.
//!
//! A file and its overrides are merged as compose-go merges them, with `extends`, `include`, `.env`, `${VAR:-default}`, env files, YAML
//! anchors and the tags `!reset` and `!override`; short syntax becomes long syntax, each part spanned in the short text. The environment of
//! the machine is never read, so a verdict does not depend on it: a variable that no `.env` sets and that has no default is unknown. A variable
//! in short syntax is taken to stand for one part (`${PORT}:80`, `${DATA}:/data`), and leaves the entry open.
//!
//! The order of work is compose-go's: `read` (aliases, variables), `canonical` (long syntax), `include`, `reset`, `extends`, `merge`,
//! then once for the project `late` (types, commands), `environment` (files of variables), `write` and `facts`.

mod canonical;
mod detect;
mod dotenv;
mod environment;
mod extends;
mod facts;
mod git;
mod include;
mod late;
mod load;
mod merge;
mod path;
mod port;
mod read;
mod reset;
mod scalar;
mod secret;
mod spot;
mod template;
mod text;
mod tree;
mod volume;
mod words;
mod write;

pub use detect::{is_override, looks_like, looks_like_name, overrides_of};
use plimsoll_document::KeyTable;
use plimsoll_formats::{Files, Parsed, ProblemKind};

/// What is to be parsed.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The base file, relative to the project root.
    pub path: &'a str,
    /// Keys that have symbols.
    pub keys: &'a KeyTable,
    /// Every file is read through this, the base file too: unsaved text is an overlay of it.
    pub files: &'a dyn Files,
}

/// Reads a project. Never fails: what cannot be read is in [`Parsed::problems`], and what encloses it is open.
///
/// The document's first source is the base file, then its overrides and everything else in the order of reading. A value's origin has one
/// `decided` entry if a single literal elsewhere decides all of it (a default, a line of `.env`), `also` entries for the places that
/// take part otherwise (an override, a default inside a longer text), and `via` entries for aliases.
pub fn parse(input: &Input<'_>) -> Parsed {
    let mut loader = load::Loader::new(input.files);
    let directory = path::directory(input.path).to_owned();
    let dir = loader.dir(&directory);
    let mut paths = vec![(input.path.to_owned(), "base")];
    paths.extend(overrides_of(input.path, input.files).into_iter().map(|path| (path, "override")));
    for (path, role) in &paths {
        // Sources of the project's own files come first; a file that cannot be read is reported where it is merged.
        if loader.open(path, role).is_err() && *role == "base" {
            loader.unreadable(path);
        }
    }
    let variables = loader.dotenv(&directory, &template::Variables::of(&loader.budget.clone()));
    let mut root = loader.model(&paths, load::Scope { dir, variables: &variables }, &mut vec![]);
    late::finish(&mut root, &loader.dirs, &mut loader.problems);
    environment::resolve(&mut loader, &mut root, &variables);
    if loader.budget.is_spent() {
        loader.problem(ProblemKind::Limit, root.site, template::TOO_LARGE);
    }
    let document = write::document(&loader, &root, input.keys, &directory, &variables);
    let mut problems = loader.problems;
    problems.sort_by(|a, b| (a.at, a.kind, &a.message).cmp(&(b.at, b.kind, &b.message)));
    problems.dedup();
    let mut comments = loader.comments;
    comments.sort_by_key(|comment| comment.at);
    Parsed { document, comments, problems }
}
