//! What is known of the build context: its ignore file and its top-level entries.

use crate::Input;
use crate::ignore::Patterns;
use plimsoll_document::schema::key;
use plimsoll_document::{Builder, Flags, Key, NodeId, Span, Value};

/// Entries shown of a context; a larger one is open.
const MAX_ENTRIES: usize = 1_000;

/// The context of a Dockerfile.
pub(crate) struct Context {
    path: String,
    ignore: Option<IgnoreFile>,
    /// `None` if the directory cannot be listed.
    entries: Option<Vec<plimsoll_formats::Entry>>,
    /// Why the ignore file in force cannot be read.
    unreadable: Option<String>,
}

struct IgnoreFile {
    source: u32,
    path: String,
    length: u32,
    patterns: Patterns,
    /// A pattern is bad, so that a build fails.
    bad: bool,
}

/// Looks the context up, and adds its ignore file to the sources.
pub(crate) fn read(input: &Input<'_>, builder: &mut Builder<'_>) -> Context {
    let own = input.path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let root = input.context.unwrap_or(own).trim_end_matches('/');
    let root = if root == "." { "" } else { root.strip_prefix("./").unwrap_or(root) };
    let entries = input.files.list(root);
    let beside = format!("{}.dockerignore", input.path);
    let common = if root.is_empty() { ".dockerignore".to_owned() } else { format!("{root}/.dockerignore") };
    // What a listing does not show need not be asked for. Some disks take names whatever their case, and some whatever their accents.
    let shown = |path: &str| {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let listed = entries.as_ref().filter(|_| directory == root && name.is_ascii());
        listed.is_none_or(|entries| entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name)))
    };
    let mut ignore = None;
    let mut unreadable = None;
    for path in [beside, common].into_iter().filter(|path| shown(path)) {
        match input.files.read(&path) {
            Ok(bytes) => {
                match core::str::from_utf8(&bytes) {
                    Ok(text) => {
                        let source = builder.source(&path, text);
                        let (patterns, bad) = Patterns::parse(text);
                        ignore = Some(IgnoreFile { source, path, length: text.len() as u32, patterns, bad: !bad.is_empty() });
                    }
                    Err(_) => unreadable = Some(format!("{path} is not UTF-8")),
                }
                break;
            }
            Err(plimsoll_formats::ReadError::Missing) => {}
            Err(cause) => {
                unreadable = Some(format!("{path}: {cause}"));
                break;
            }
        }
    }
    let path = if root.is_empty() { "." } else { root }.to_owned();
    Context { path, ignore, entries, unreadable }
}

impl Context {
    /// Whether the ignore file keeps out a source of ADD or COPY, whole.
    pub(crate) fn keeps_out(&self, source: &str) -> bool {
        let plain = !source.contains(['*', '?', '[', '\\']) && !source.contains("://") && !source.starts_with("git@");
        plain && self.ignore.as_ref().is_some_and(|ignore| !ignore.bad && ignore.patterns.excludes_whole(source.trim_start_matches('/')))
    }
}

/// Writes the `context` fact.
pub(crate) fn write(builder: &mut Builder<'_>, facts: NodeId, context: &Context) {
    let nowhere = Span::new(0, 0, 0);
    let Some(entries) = &context.entries else {
        builder.entry(facts, Key::of(key::CONTEXT), Value::Unknown("the build context cannot be listed"), nowhere);
        return;
    };
    let map = builder.entry(facts, Key::of(key::CONTEXT), Value::Map, nowhere);
    builder.entry(map, Key::of(key::PATH), Value::String(&context.path), nowhere);
    if let Some(ignore) = &context.ignore {
        let whole = Span::new(ignore.source, 0, ignore.length);
        let node = builder.entry(map, Key::of(key::DOCKERIGNORE), Value::Map, whole);
        builder.entry(node, Key::of(key::PATH), Value::String(&ignore.path), whole);
        let list = builder.entry(node, Key::of(key::PATTERNS), Value::List, whole);
        for pattern in ignore.patterns.patterns() {
            let at = Span::new(ignore.source, pattern.at.0 as u32, pattern.at.1 as u32);
            builder.item(list, Value::String(&pattern.text), at);
        }
        if ignore.bad {
            builder.flag(list, Flags::OPEN);
            builder.flag(node, Flags::OPEN);
        }
    } else if let Some(cause) = &context.unreadable {
        builder.entry(map, Key::of(key::DOCKERIGNORE), Value::Unknown(cause), nowhere);
    }
    let list = builder.entry(map, Key::of(key::ENTRIES), Value::List, nowhere);
    if entries.len() > MAX_ENTRIES {
        builder.flag(list, Flags::OPEN);
    }
    for entry in entries.iter().take(MAX_ENTRIES) {
        let item = builder.item(list, Value::Map, nowhere);
        builder.entry(item, Key::of(key::PATH), Value::String(&entry.name), nowhere);
        builder.entry(item, Key::of(key::DIRECTORY), Value::Bool(entry.directory), nowhere);
        let ignored = match (&context.ignore, &context.unreadable) {
            (Some(ignore), _) if ignore.bad => Value::Unknown("the ignore file has a bad pattern"),
            (Some(ignore), _) => Value::Bool(ignore.patterns.excludes_whole(&entry.name)),
            (None, Some(cause)) => Value::Unknown(cause),
            (None, None) => Value::Bool(false),
        };
        builder.entry(item, Key::of(key::IGNORED), ignored, nowhere);
    }
}
