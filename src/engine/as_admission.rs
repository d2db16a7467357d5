//! Files, and objects of a cluster, judged as an admission webhook would.
//!
//! What is judged is the JSON that an API server would send; findings are then shown where the same value is written.

use crate::admission::{Admission, Reviewed};
use crate::job::{Done, contained};
use crate::load::{Job, jobs, load};
use crate::outcome::{Outcome, finish, tidy};
use crate::project::{self, Setup};
use crate::run::{Engine, Request};
use plimsoll_document::{Document, Flags, Kind, Node, Span};
use plimsoll_finding::{Finding, Lines, Location, Notice, NoticeKind, RuleMeta, State};
use plimsoll_source::{Found, Project};
use rayon::prelude::*;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

impl Engine {
    /// Judges the Kubernetes objects that a request is about, each alone, as the webhook would judge its creation.
    pub fn check_as_admission(&self, request: &Request<'_>) -> Outcome {
        let request = Request { alone: true, ..request.clone() };
        let Found { projects, notices, missing, excluded, .. } = self.discover(&request);
        let mut outcome = Outcome { notices, missing, excluded, ..Outcome::default() };
        let mut rules: BTreeMap<String, RuleMeta> = BTreeMap::new();
        for mut project in projects {
            project.files.retain(|file| file.kind == plimsoll_source::FileKind::Kubernetes);
            if project.files.is_empty() {
                continue;
            }
            let setup = match project::setup(self, &project, &request, &OnceLock::new()) {
                Ok(setup) => setup,
                Err(errors) => {
                    outcome.errors.extend(errors.iter().map(ToString::to_string));
                    continue;
                }
            };
            outcome.notices.extend(setup.notices.iter().cloned());
            let admission = Admission::of(&setup, &request.trust);
            let files: Vec<_> = project.files.iter().map(|file| (file.path.clone(), file.kind)).collect();
            let done: Vec<Done> =
                jobs(&files, &*setup.files).par_iter().map(|job| contained(job.path(), || run_job(&setup, &admission, job))).collect();
            finish(&project, &setup, request.cwd, false, done, &mut outcome);
            outcome.disabled += setup.disabled();
            rules.extend(setup.ran().into_iter().map(|rule| (rule.id.to_string(), rule)));
        }
        close(outcome, rules)
    }

    /// Starts to judge objects that have no file: what a cluster holds.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn objects(&self, request: &Request<'_>) -> Result<Objects, Vec<String>> {
        let root = plimsoll_source::Roots::new(request.lookup.clone()).of(request.cwd, request.cwd);
        let project = Project { scope: plimsoll_source::Scope::default(), root, files: vec![] };
        let setup = project::setup(self, &project, &Request { alone: true, ..request.clone() }, &OnceLock::new())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let outcome = Outcome { notices: setup.notices.clone(), ..Outcome::default() };
        Ok(Objects { admission: Admission::of(&setup, &request.trust), setup, outcome })
    }
}

/// Objects being judged page by page, so that a large cluster never lies in memory whole.
pub struct Objects {
    setup: Setup,
    admission: Admission,
    outcome: Outcome,
}

impl Objects {
    /// Judges a page: pairs of a name to report and the object as JSON.
    pub fn judge(&mut self, page: &[(String, String)]) {
        let done: Vec<(Done, Arc<str>)> = page.par_iter().map(|(path, json)| self.one(path, json)).collect();
        for ((path, _), (done, text)) in page.iter().zip(done) {
            self.outcome.judged += done.judged;
            self.outcome.files += 1;
            self.outcome.notices.extend(done.notices);
            for finding in done.findings {
                self.outcome.texts.entry(path.as_str().into()).or_insert_with(|| text.clone());
                if finding.state == State::Active {
                    self.outcome.failing += usize::from(finding.severity >= self.setup.fail_on);
                    self.outcome.findings.push(finding);
                } else {
                    self.outcome.waived.push(finding);
                }
            }
        }
    }

    fn one(&self, path: &str, json: &str) -> (Done, Arc<str>) {
        // An object has no lines of its own; YAML is what people know it by.
        let value: Value = serde_json::from_str(json).unwrap_or_default();
        let text: Arc<str> = serde_yaml::to_string(&value).unwrap_or_default().into();
        let done = contained(path, || {
            let parsed = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path, text: &text, keys: &self.setup.catalogue.keys });
            let mut done = Done::default();
            review(&self.admission, json, path, parsed.objects.first(), &mut done);
            done
        });
        (done, text)
    }

    /// What was found in all of them.
    pub fn finish(self) -> Outcome {
        let rules = self.setup.ran().into_iter().map(|rule| (rule.id.to_string(), rule)).collect();
        close(self.outcome, rules)
    }
}

fn close(mut outcome: Outcome, rules: BTreeMap<String, RuleMeta>) -> Outcome {
    outcome.rules = rules.into_values().collect();
    tidy(&mut outcome.findings, &mut outcome.waived, &mut outcome.notices);
    outcome
}

fn run_job(setup: &Setup, admission: &Admission, job: &Job) -> Done {
    let loaded = load(job, &setup.catalogue.keys, &*setup.files, &setup.docker(job.path()));
    let mut done = Done { notices: loaded.notices, ..Done::default() };
    for document in &loaded.documents {
        let json = json(document.doc().root()).to_string();
        review(admission, &json, job.path(), Some(document), &mut done);
    }
    done
}

/// Judges one object; `written` is where it is written.
fn review(admission: &Admission, json: &str, path: &str, written: Option<&Document>, done: &mut Done) {
    done.judged += 1;
    // The webhook lets it pass: whatever is wrong with it is about to be gone, and refusing it would keep it.
    if written.is_some_and(is_being_deleted) {
        return;
    }
    let notice = |message: String| {
        let at = written.map(|document| Places::new(json, path, document, None).locate(document.doc().root().span()));
        Notice { kind: NoticeKind::Limit, at, message, incomplete: true }
    };
    let Reviewed { findings, waived, unjudged } = match admission.review(json, None) {
        Ok(reviewed) => reviewed,
        Err(error) => return done.notices.push(notice(error.to_string())),
    };
    for one in unjudged {
        let who = if let [rule] = &one.rules[..] {
            format!("rule {rule} of plugin `{}`", one.plugin)
        } else {
            format!("plugin `{}`", one.plugin)
        };
        done.notices.push(Notice { kind: NoticeKind::Plugin, ..notice(format!("{who} {}", one.message)) });
    }
    if findings.is_empty() && waived.is_empty() {
        return;
    }
    let Some(written) = written else { return };
    let object = admission.document(json);
    let places = Places::new(json, path, written, object.as_ref());
    done.findings.extend(findings.into_iter().chain(waived).map(|finding| places.moved(finding)));
}

fn is_being_deleted(object: &Document) -> bool {
    let stamp = |node: Node<'_>| node.get_text("metadata").known()?.get_text("deletionTimestamp").known()?.as_str().map(drop);
    stamp(object.doc().root()).is_some()
}

/// The object as JSON: what is written, without what the host worked out. What cannot be read is left out; the file says so itself.
fn json(node: Node<'_>) -> Value {
    let node = node.target();
    match node.kind() {
        Kind::Bool => node.as_bool().unwrap_or_default().into(),
        Kind::Number => number(node.as_f64().unwrap_or_default()),
        Kind::String => node.as_str().unwrap_or_default().into(),
        Kind::List => node.children().map(json).collect(),
        Kind::Map => {
            let written = |child: &Node<'_>| child.key_span().is_some() && child.kind() != Kind::Unknown;
            let entries = node.children().filter(written).map(|child| (child.key().to_owned(), json(child)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::Null | Kind::Unknown | Kind::Ref => Value::Null,
    }
}

fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return (value as i64).into();
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Translates places of the JSON into places of the file.
struct Places<'a> {
    json: &'a str,
    path: Arc<str>,
    written: &'a Document,
    object: Option<&'a Document>,
    lines: Lines,
}

impl<'a> Places<'a> {
    fn new(json: &'a str, path: &str, written: &'a Document, object: Option<&'a Document>) -> Self {
        let lines = Lines::new(written.source_text(0));
        Self { json, path: path.into(), written, object, lines }
    }

    fn locate(&self, span: Span) -> Location {
        Location { path: self.path.clone(), range: self.lines.range(self.written.source_text(0), span.start, span.end) }
    }

    fn moved(&self, mut finding: Finding) -> Finding {
        finding.at = self.place(&finding.at);
        finding.site = self.place(&finding.site);
        for related in &mut finding.related {
            related.at = self.place(&related.at);
        }
        for secret in &mut finding.secrets {
            *secret = self.place(secret);
        }
        if let State::Waived(waived) = &mut finding.state
            && waived.by != "config"
        {
            waived.at = waived.at.take().map(|at| self.place(&at));
        }
        finding
    }

    /// Follows the same keys and positions in the file; where part of a text is meant, the same part.
    fn place(&self, at: &Location) -> Location {
        let (start, end) = (at.range.start.offset, at.range.end.offset);
        let root = self.written.doc().root();
        let Some(object) = self.object else { return self.locate(root.span()) };
        let (mut there, mut here) = (object.doc().root(), root);
        'down: loop {
            for (position, child) in there.children().enumerate() {
                let key = child.key_span().filter(|key| key.start <= start && end <= key.end);
                let inside = child.span().start <= start && end <= child.span().end && child.key_span().is_some() | child.key().is_empty();
                if key.is_none() && !inside {
                    continue;
                }
                let next = if child.key().is_empty() {
                    here.children().nth(position)
                } else {
                    here.children().find(|other| other.key() == child.key() && other.key_span().is_some())
                };
                let Some(next) = next.map(Node::target) else { break 'down };
                if let (Some(_), Some(key)) = (key, next.key_span()) {
                    return self.locate(key);
                }
                (there, here) = (child, next);
                continue 'down;
            }
            break;
        }
        let span = here.span();
        let part = self.json.get(start as usize..end as usize).unwrap_or_default();
        let whole = there.span();
        if there.kind() == Kind::String && (start, end) != (whole.start, whole.end) && !here.flags().has(Flags::FROM_ANCHOR) {
            let source = here.source_text();
            // The part stands at the same distance from the end of what comes before it.
            let before = self.json.get(whole.start as usize + 1..start as usize).unwrap_or_default();
            if let Some(found) = source.find(&format!("{before}{part}")) {
                let from = span.start + (found + before.len()) as u32;
                return self.locate(Span::new(span.source, from, from + part.len() as u32));
            }
        }
        self.locate(span)
    }
}
