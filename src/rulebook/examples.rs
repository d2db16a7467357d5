//! A rule's examples, and running them.

mod run;
mod settings;

pub use run::{Failure, Judged, judge_examples};
pub use settings::settings;

use crate::fence::{Fence, Section};
use plimsoll_finding::Applicability;

/// A `###` section of a rule's examples: a small project, and what the rule says about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// Its title.
    pub title: String,
    /// Line of the title in the rule's file, from 1.
    pub line: u32,
    /// Its files, in order; at least one.
    pub files: Vec<ExampleFile>,
    /// The content of its `plimsoll.toml`, if it has one.
    pub settings: Option<String>,
}

/// A file of an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleFile {
    /// Path below the example's root.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Lines where findings start, from 1, ascending; one entry per finding. Empty: silent.
    pub fires: Vec<u32>,
    /// Lines that cannot be read, from 1, ascending: each has its notice, and no other line has one.
    pub unread: Vec<u32>,
    /// The text after fixing, and which fixes it takes.
    pub fixed: Option<(Applicability, String)>,
    /// Line of its fence in the rule's file.
    pub line: u32,
}

impl Example {
    /// Whether the rule finds something in it.
    pub fn fires(&self) -> bool {
        self.files.iter().any(|file| !file.fires.is_empty())
    }
}

/// Reads the sections; faults have a line and a cause.
pub(crate) fn read(sections: &[Section], target: &str) -> Result<Vec<Example>, Vec<(u32, String)>> {
    let mut faults = vec![];
    let mut examples = vec![];
    for section in sections {
        match example(section, target) {
            Ok(example) => examples.push(example),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(examples) } else { Err(faults) }
}

/// What a rule's examples still lack.
pub(crate) fn missing(examples: &[Example], fix: Option<Applicability>) -> Vec<String> {
    let fixed: Vec<_> =
        examples.iter().flat_map(|example| &example.files).filter_map(|file| file.fixed.as_ref()).map(|(kind, _)| *kind).collect();
    let mut out = vec![];
    if !examples.iter().any(Example::fires) {
        out.push("a firing example is missing: a fence with `fires=LINES`".to_owned());
    }
    if examples.iter().all(Example::fires) {
        out.push("a silent example is missing: one without `fires` on any fence".to_owned());
    }
    match fix {
        Some(kind) if !fixed.contains(&kind) => {
            let name = if kind == Applicability::Safe { "safe" } else { "unsafe" };
            out.push(format!("`fix: {name}` needs a fixed example: a fence with `fixed={name}` behind the file it fixes"));
        }
        None if !fixed.is_empty() => out.push("a fixed example needs `fix: safe` or `fix: unsafe`".to_owned()),
        _ => {}
    }
    out
}

/// What the info string of a fence says.
struct Info {
    language: String,
    file: Option<String>,
    fires: Vec<u32>,
    unread: Vec<u32>,
    fixed: Option<Applicability>,
}

fn example(section: &Section, target: &str) -> Result<Example, (u32, String)> {
    let mut out = Example { title: section.title.clone(), line: section.line, files: vec![], settings: None };
    for fence in &section.fences {
        let info = info(fence)?;
        let fail = |cause: String| Err((fence.line, cause));
        if info.language == "toml" && info.file.as_deref().is_none_or(|name| name == "plimsoll.toml") {
            out.settings = Some(fence.text.clone());
            continue;
        }
        let name = info.file.unwrap_or_else(|| default_name(target).to_owned());
        if name.starts_with('/') || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return fail(format!("`file={name}` must be a plain relative path"));
        }
        let known = out.files.iter_mut().find(|file| file.name == name);
        match (info.fixed, known) {
            (Some(_), None) => return fail(format!("this says how `{name}` looks once fixed, but the file does not stand before it")),
            (Some(_), Some(file)) if file.fixed.is_some() => return fail(format!("`{name}` is fixed twice in this example")),
            (Some(kind), Some(file)) => file.fixed = Some((kind, fence.text.clone())),
            (None, Some(_)) => return fail(format!("`{name}` stands twice in this example; a second example wants its own `###`")),
            (None, None) => {
                let lines = fence.text.lines().count() as u32;
                if let Some(line) = info.fires.iter().find(|line| **line == 0 || **line > lines.max(1)) {
                    return fail(format!("`fires={line}`: the file has {lines} lines"));
                }
                out.files.push(ExampleFile {
                    name,
                    text: fence.text.clone(),
                    fires: info.fires,
                    unread: info.unread,
                    fixed: None,
                    line: fence.line,
                });
            }
        }
    }
    if out.files.is_empty() {
        return Err((section.line, format!("example \"{}\" has no file", section.title)));
    }
    Ok(out)
}

fn info(fence: &Fence) -> Result<Info, (u32, String)> {
    let mut words = fence.info.split_whitespace();
    let mut info = Info { language: words.next().unwrap_or_default().to_owned(), file: None, fires: vec![], unread: vec![], fixed: None };
    if info.language.is_empty() {
        return Err((fence.line, "a fence of an example starts with its language, as in ```dockerfile".to_owned()));
    }
    for word in words {
        match word.split_once('=') {
            Some(("file", name)) => info.file = Some(name.to_owned()),
            Some((key @ ("fires" | "unread"), written)) => {
                let number = |line: &str| line.parse().map_err(|_| (fence.line, format!("`{key}={written}`: `{line}` is no line number")));
                let mut lines: Vec<u32> = written.split(',').map(number).collect::<Result<_, _>>()?;
                lines.sort_unstable();
                *(if key == "fires" { &mut info.fires } else { &mut info.unread }) = lines;
            }
            Some(("fixed", "safe")) => info.fixed = Some(Applicability::Safe),
            Some(("fixed", "unsafe")) => info.fixed = Some(Applicability::Unsafe),
            Some(("fixed", other)) => return Err((fence.line, format!("`fixed={other}`, expected safe or unsafe"))),
            _ => {
                return Err((
                    fence.line,
                    format!("`{word}` in a fence's info string, expected file=NAME, fires=LINES, unread=LINES or fixed=safe|unsafe"),
                ));
            }
        }
    }
    Ok(info)
}

/// The file that an example of a target has unless it says otherwise.
pub fn default_name(target: &str) -> &'static str {
    match target {
        "docker" => "Dockerfile",
        "compose" => "compose.yaml",
        "kubernetes" => "manifest.yaml",
        _ => "main.tf",
    }
}
