//! A file and its objects.

use crate::facts;
use crate::object;
use plimsoll_document::{Builder, Document, KeyTable, Span};
use plimsoll_formats::{Comment, Problem, ProblemKind};
use plimsoll_yaml::{Content, Covers, Id, Reading, Tree, Writer};
use std::sync::Arc;

/// Problems of one file that are worth telling.
const MAX_PROBLEMS: usize = 100;

/// What to parse.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Path relative to the project root; anything that names the text where there is no file.
    pub path: &'a str,
    /// YAML or JSON.
    pub text: &'a str,
    /// Keys known by number.
    pub keys: &'a KeyTable,
}

/// The objects of a file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// One document per object, in the order written. Each has the file as its source 0.
    pub objects: Vec<Document>,
    /// Every comment of the file, in order.
    pub comments: Vec<Comment>,
    /// The YAML documents that hold the objects, in order: nothing outside of one decides what its objects are.
    pub parts: Vec<Part>,
    /// What could not be read, in order; the objects hold the rest. A template gives this one problem and nothing else.
    pub problems: Vec<Problem>,
}

/// A YAML document that holds objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From the end of the document before it to the start of the one behind it.
    pub around: std::ops::Range<usize>,
    /// Where its first node starts.
    pub start: u32,
    /// Which of the file's objects it holds.
    pub objects: std::ops::Range<usize>,
    /// Whether all of it could be read.
    pub intact: bool,
}

/// Parses a file. Documents without `apiVersion` and `kind` are passed over.
pub fn parse(input: &Input<'_>) -> File {
    let stream = plimsoll_yaml::parse(input.text);
    let mut file = File::default();
    let covers = Covers::new(input.text, &stream);
    let span = |range: &std::ops::Range<u32>| Span::new(0, range.start, range.end);
    for comment in &stream.comments {
        file.comments.push(Comment { at: span(&comment.at), covers: covers.of(comment).as_ref().map(span) });
    }
    for problem in &stream.problems {
        file.problem(problem);
    }
    let whole: Arc<str> = input.text.into();
    for (position, tree) in stream.documents.iter().enumerate() {
        let first = file.objects.len();
        for root in object::roots(tree) {
            let (document, problems) = document(input, tree, root, Some(&whole), Reading::KUBERNETES);
            file.objects.push(document);
            for problem in &problems {
                file.problem(problem);
            }
        }
        let span = |position: usize| stream.documents.get(position).map(|tree| tree.node(tree.root()).span.clone());
        let before = position.checked_sub(1).and_then(span).map_or(0, |before| before.end as usize);
        let behind = span(position + 1).map_or(input.text.len(), |behind| behind.start as usize);
        let start = tree.node(tree.root()).span.start;
        let broken = |id| tree.node(id).open || matches!(tree.node(id).content, Content::Broken);
        let intact = !tree.ids().any(broken);
        file.parts.push(Part { around: before..behind.max(before), start, objects: first..file.objects.len(), intact });
    }
    file.problems.sort_by_key(|problem| (problem.at, problem.kind));
    // Objects of one list expand the same anchors.
    file.problems.dedup();
    let told = file.problems.len() <= MAX_PROBLEMS;
    for part in &mut file.parts {
        let inside = |problem: &Problem| part.around.contains(&(problem.at.start as usize)) || part.around.end == problem.at.start as usize;
        part.intact &= told && !file.problems.iter().any(inside);
    }
    file.problems.truncate(MAX_PROBLEMS);
    file
}

/// What API servers keep in an object for themselves: often half of it, nobody wrote it, and no rule means it.
const LEFT_OUT: [&str; 2] = ["metadata", "managedFields"];

/// Parses one object as an API server sends it: JSON that is final, so that no text in it is taken for a template, and no list for more
/// than one object. `metadata.managedFields` is not in the document.
///
/// # Errors
/// When it is not a JSON object, or larger than a document may be.
pub fn parse_object(input: &Input<'_>) -> Result<Document, Problem> {
    let problem = |kind, message: &str| Problem { kind, at: Span::new(0, 0, 0), message: message.to_owned() };
    let stream = plimsoll_yaml::parse_json_without(input.text, &LEFT_OUT)
        .ok_or_else(|| problem(ProblemKind::Limit, "the object is not JSON, or has more levels or values than can be judged"))?;
    let tree = stream.documents.first().ok_or_else(|| problem(ProblemKind::Syntax, "there is no object"))?;
    if !matches!(tree.node(tree.root()).content, plimsoll_yaml::Content::Mapping { .. }) {
        return Err(problem(ProblemKind::Syntax, "the object is not a JSON object"));
    }
    let (document, problems) = document(input, tree, tree.root(), None, Reading::JSON);
    match problems.first() {
        Some(limit) => Err(problem(ProblemKind::Limit, &limit.message)),
        None => Ok(document),
    }
}

impl File {
    fn problem(&mut self, problem: &plimsoll_yaml::Problem) {
        let kind = match problem.kind {
            plimsoll_yaml::ProblemKind::Syntax | plimsoll_yaml::ProblemKind::UnknownAlias => ProblemKind::Syntax,
            plimsoll_yaml::ProblemKind::Template => ProblemKind::Template,
            plimsoll_yaml::ProblemKind::Limit => ProblemKind::Limit,
            // The object is whole: of two equal keys the last counts. Whether that is a mistake is for a rule to say.
            plimsoll_yaml::ProblemKind::DuplicateKey => return,
        };
        let at = Span::new(0, problem.at.start, problem.at.end);
        self.problems.push(Problem { kind, at, message: problem.message.clone() });
    }
}

/// Writes an object; `whole` is the text of a file that may hold others, of which this one carries its own part. What it takes from an anchor
/// in another object is there decoded, not as written.
fn document(
    input: &Input<'_>,
    tree: &Tree<'_>,
    root: Id,
    whole: Option<&Arc<str>>,
    reading: Reading,
) -> (Document, Vec<plimsoll_yaml::Problem>) {
    let mut builder = Builder::new("kubernetes", input.keys);
    let part = tree.node(root).span.start as usize..tree.node(root).span.end as usize;
    match whole.filter(|whole| part.len() < whole.len()) {
        Some(whole) => builder.part(input.path, whole, part),
        None => {
            builder.source(input.path, input.text);
        }
    }
    let mut writer = Writer::new(tree, input.text, 0, &mut builder, reading);
    writer.root(root);
    let problems = std::mem::take(&mut writer.problems);
    facts::write(&mut builder);
    (builder.finish(), problems)
}
