//! One project of a run: its settings, its rules, its files.

use crate::apply::State;
use crate::cache::{self, Cache};
use crate::catalogue::{Catalogue, Contents, ThirdParty};
use crate::lines::LineIndex;
use crate::load::DockerSettings;
use crate::policy;
use crate::run::{Engine, Request, files_of};
use plimsoll_config::{Config, Layer, Origin, Problem};
use plimsoll_document::{Document, Node};
use plimsoll_finding::{Finding, Notice, RuleMeta, Severity};
use plimsoll_formats::{Comment, Files};
use plimsoll_source::{ConfigLookup, DiskFiles, FileKind, PathGlobs, Project, Root, Scope};
use plimsoll_verdict::{Evaluator, FileComments, ObjectAnnotations, Verdict};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A project ready to be judged.
pub(crate) struct Setup {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) files: Box<dyn Files + Send + Sync>,
    /// Results of earlier runs.
    pub(crate) cache: Option<Cache>,
    pub(crate) fail_on: Severity,
    /// About its configuration.
    pub(crate) notices: Vec<Notice>,
    /// Shared by all projects without a configuration file.
    pub(crate) evaluator: Arc<Evaluator>,
    /// Whether admission honours waivers on the objects themselves.
    pub(crate) annotation_waivers: bool,
    docker_contexts: Vec<(PathGlobs, String)>,
    docker_targets: Vec<(PathGlobs, String)>,
    docker_args: Vec<(String, String)>,
    /// What it was made of: configuration files, plugins, and files or folders of users' own rules. Absolute.
    pub(crate) inputs: Vec<PathBuf>,
}

/// `[files]` of a project, as its configuration says.
pub(crate) fn scope(root: &Root, layer: &Layer, organisation: Option<&Config>, unsaved: Unsaved<'_>) -> Scope {
    let config = config_of(root, layer, organisation, unsaved);
    let values = |list: Vec<plimsoll_config::Sourced<String>>| list.into_iter().map(|glob| glob.value).collect::<Vec<_>>();
    let kinds: Vec<(String, FileKind)> =
        config.kinds().into_iter().filter_map(|(glob, kind)| Some((glob.value, FileKind::from_name(&kind)?))).collect();
    let max_size = config.max_size().map(|size| size.value);
    // A bad glob is an error of the configuration, told by `setup`; until then nothing is left out because of it.
    Scope::new(&values(config.include()), &values(config.exclude()), &kinds, max_size).unwrap_or_default()
}

/// An editor's unsaved text of a file, by absolute path.
pub(crate) type Unsaved<'a> = &'a (dyn Fn(&Path) -> Option<Arc<[u8]>> + Sync);

fn config_of(root: &Root, layer: &Layer, organisation: Option<&Config>, unsaved: Unsaved<'_>) -> Config {
    let config = root.config.as_deref().map_or_else(Config::default, |file| plimsoll_config::load_over(file, &root.path, unsaved));
    let config = config.with(layer.clone());
    organisation.map_or_else(|| config.clone(), |organisation| config.clone().under(organisation))
}

/// Reads a project's configuration and loads its rules.
///
/// `plain` is the evaluator of projects without one: a run over a thousand loose files makes it once.
pub(crate) fn setup(
    engine: &Engine,
    project: &Project,
    request: &Request<'_>,
    plain: &OnceLock<Arc<Evaluator>>,
) -> Result<Setup, Vec<Problem>> {
    setup_over(engine, project, request, plain, &|_| None)
}

/// As [`setup`], with an editor's unsaved text in place of a configuration file's.
pub(crate) fn setup_over(
    engine: &Engine,
    project: &Project,
    request: &Request<'_>,
    plain: &OnceLock<Arc<Evaluator>>,
    unsaved: Unsaved<'_>,
) -> Result<Setup, Vec<Problem>> {
    let root = &project.root;
    let mut config = config_of(root, &request.layer, request.organisation.as_ref(), unsaved);
    if request.alone {
        config = config.without_paths();
    }
    let mut errors: Vec<Problem> = vec![];
    let mut problems: Vec<Problem> = config.problems.clone();
    let files = files_of(project, &project.scope, stdin_of(project, request).as_ref().map(|(path, bytes)| (path.as_str(), *bytes)));
    let mut contents = Contents { plugins: plugins(&config, root, request, &mut errors), ..Contents::default() };
    let mut places = vec![];
    for place in config.rule_paths() {
        if place.origin == Origin::CommandLine {
            places.push(request.cwd.join(&place.value));
            continue;
        }
        match DiskFiles::new(&root.path, project.scope.max_size).resolve(place.value.trim_end_matches('/')) {
            Ok(path) => places.push(path),
            Err(error) => errors.push(Problem::error(&place.origin, format!("rules at `{}`: {error}", place.value))),
        }
    }
    let policies = policy::read(&places);
    let mut wrong_rules = policies.errors.clone();
    contents.options = options(&config);
    contents.policy = policy::settings(&policies, &contents.options, &mut wrong_rules);
    errors.extend(wrong_rules.into_iter().map(|wrong| Problem::error(&Origin::Default, wrong)));
    let catalogue = match engine.catalogue(&contents) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            errors.push(Problem::error(&Origin::Default, error.to_string()));
            return Err(errors);
        }
    };
    let make = || Arc::new(Evaluator::new(catalogue.rules(), &config, &root.path, request.today));
    let evaluator = if root.config.is_none() { plain.get_or_init(make).clone() } else { make() };
    problems.extend(evaluator.problems().iter().cloned());
    problems.extend(config.check_options(catalogue.rules()));
    errors.extend(problems.iter().filter(|problem| problem.error).cloned());
    let shown = |path: &Path| path.strip_prefix(request.cwd).unwrap_or(path).to_string_lossy().into_owned();
    let unnamed = places.is_empty() && request.lookup != ConfigLookup::Isolated && !request.alone;
    let hint = if unnamed { policy::unnamed(&root.path, &shown) } else { None };
    if !errors.is_empty() {
        // What is selected may be there, only not where anybody looks.
        errors.extend(hint.map(|hint| {
            let place = hint.at.map(|at| format!("{}: ", at.path)).unwrap_or_default();
            Problem::error(&Origin::Default, format!("{place}{}", hint.message))
        }));
        return Err(errors);
    }
    let globs = |pairs: Vec<(&str, &str)>| {
        pairs.into_iter().filter_map(|(glob, value)| Some((PathGlobs::new(&[glob.to_owned()]).ok()?, value.to_owned()))).collect()
    };
    let cache = request.cache.map(|directory| {
        let plugins: Vec<String> = contents.plugins.iter().map(|plugin| cache::digest(&plugin.bytes)).collect();
        let (trust, alone) = (&request.trust, request.alone);
        // Waivers of the configuration reach every job, and how long one may hold is counted from today.
        let ends = config.waivers().any(|waiver| waiver.until.is_some()) || config.lock.is_some();
        let day = ends.then_some(request.today);
        let settings = format!(
            "{config:?} {:?} {plugins:?} {} {day:?} {} {trust:?} {alone}",
            contents.options,
            cache::digest(&contents.policy),
            request.waivers
        );
        Cache::new(directory, &settings, request.today.to_string())
    });
    let mut notices: Vec<Notice> = problems.iter().map(|problem| problem.notice(&shown)).collect();
    notices.extend(hint);
    if unnamed {
        places.push(root.path.join(policy::USUAL_PLACE));
    }
    Ok(Setup {
        cache,
        fail_on: config.fail_on().value,
        annotation_waivers: config.serve().annotation_waivers,
        notices,
        docker_contexts: globs(config.docker_contexts().collect()),
        docker_targets: globs(config.docker_targets().collect()),
        docker_args: config.docker_args(),
        inputs: inputs(&config, &contents, &places),
        evaluator,
        catalogue,
        files,
    })
}

/// Standard input, if it stands for a file of this project.
fn stdin_of<'r>(project: &Project, request: &Request<'r>) -> Option<(String, &'r [u8])> {
    let (name, bytes) = request.stdin?;
    let absolute = plimsoll_source::normalise(&request.cwd.join(name));
    let path = absolute.strip_prefix(&project.root.path).ok()?;
    Some((path.to_string_lossy().replace('\\', "/"), bytes))
}

fn inputs(config: &Config, contents: &Contents, rules: &[PathBuf]) -> Vec<PathBuf> {
    let files = config.layers.iter().filter_map(|layer| match &layer.origin {
        Origin::File { path, .. } => Some(path.to_path_buf()),
        _ => None,
    });
    files.chain(contents.plugins.iter().map(|plugin| plugin.path.clone())).chain(rules.iter().cloned()).collect()
}

fn options(config: &Config) -> Map<String, Value> {
    let rules = config.layers.iter().flat_map(|layer| &layer.options).map(|option| option.rule.as_str());
    rules.map(|rule| (rule.to_owned(), Value::Object(config.options(rule)))).collect()
}

/// Third parties' plugins: those a project names are read inside it only, those of the command line from anywhere.
fn plugins(config: &Config, root: &Root, request: &Request<'_>, errors: &mut Vec<Problem>) -> Vec<ThirdParty> {
    let mut plugins: Vec<ThirdParty> = vec![];
    for setting in config.plugins() {
        let path = match &setting.origin {
            Origin::CommandLine => request.cwd.join(&setting.path),
            _ => match DiskFiles::new(&root.path, DiskFiles::HARD_LIMIT).resolve(&setting.path.to_string_lossy()) {
                Ok(path) => path,
                Err(error) => {
                    errors.push(Problem::error(&setting.origin, format!("plugin {}: {error}", setting.path.display())));
                    continue;
                }
            },
        };
        match plimsoll_source::read_regular(&path, DiskFiles::HARD_LIMIT) {
            Ok(bytes) => {
                let plugin = ThirdParty { path, bytes: bytes.into(), sha256: setting.sha256.clone(), name: setting.name.clone() };
                if !plugins.contains(&plugin) {
                    plugins.push(plugin);
                }
            }
            Err(error) => errors.push(Problem::error(&setting.origin, format!("plugin {}: {error}", path.display()))),
        }
    }
    plugins
}

impl Setup {
    /// Severity in force of a rule, by number, for a path.
    pub(crate) fn severity(&self, rule: usize, path: &str) -> Option<Severity> {
        self.evaluator.severity(rule, path)
    }

    /// How a Dockerfile is built, as far as settings say.
    pub(crate) fn docker(&self, path: &str) -> DockerSettings {
        let first = |list: &[(PathGlobs, String)]| list.iter().find(|(globs, _)| globs.matches(path)).map(|(_, value)| value.clone());
        DockerSettings {
            targets: first(&self.docker_targets).into_iter().collect(),
            context: first(&self.docker_contexts),
            args: self.docker_args.clone(),
        }
    }

    /// Decides what counts in a job. Gives the central waivers that were used, and findings about waivers.
    pub(crate) fn waive(&self, state: &mut State, comments: &[(String, Comment)], waivers: bool, files: &dyn Files) -> Verdict {
        if !waivers {
            return Verdict::default();
        }
        let target = state.units.first().and_then(|unit| unit.first()).map_or("", |document| document.target);
        let broken: Vec<Arc<str>> =
            state.notices.iter().filter(|notice| notice.incomplete).filter_map(|notice| Some(notice.at.as_ref()?.path.clone())).collect();
        let mut by_path: BTreeMap<&str, Vec<&Comment>> = BTreeMap::new();
        for (path, comment) in comments {
            by_path.entry(path).or_default().push(comment);
        }
        // A Dockerfile's `# check=` directive is a waiver too, and no comment.
        if target == "docker"
            && let Some(source) = state.units.first().and_then(|unit| unit.first()).and_then(|document| document.sources.first())
        {
            by_path.entry(&source.uri).or_default();
        }
        let texts: BTreeMap<&str, Cow<'_, str>> =
            by_path.keys().filter_map(|path| Some((*path, text_of(path, &state.units, files)?))).collect();
        let commented: Vec<FileComments<'_>> = by_path
            .iter()
            .filter_map(|(path, comments)| {
                Some(FileComments {
                    path: Arc::from(*path),
                    target,
                    text: texts.get(path)?,
                    comments: comments
                        .iter()
                        .map(|comment| ((comment.at.start, comment.at.end), comment.covers.map(|span| (span.start, span.end))))
                        .collect(),
                    intact: !broken.iter().any(|broken| &**broken == *path),
                })
            })
            .collect();
        let mut lines = None;
        let objects: Vec<ObjectAnnotations> = state.units.iter().filter_map(|unit| annotations(unit.first()?, &mut lines)).collect();
        let mut findings: Vec<&mut Finding> = state.judged.iter_mut().map(|one| &mut one.finding).collect();
        let mut verdict = self.evaluator.evaluate(&mut findings, &commented, &objects);
        state.notices.append(&mut verdict.notices);
        verdict
    }

    /// Findings about the configuration's waivers, once every job was judged.
    pub(crate) fn close(&self, used: &[usize], whole: bool) -> Vec<Finding> {
        self.evaluator.close(used, whole)
    }

    /// The rules that ran, waivers' own included.
    pub(crate) fn ran(&self) -> Vec<RuleMeta> {
        let on = |index: usize| self.severity(index, "").is_some();
        let mut rules: Vec<RuleMeta> =
            self.catalogue.rules().iter().enumerate().filter(|(index, _)| on(*index)).map(|(_, rule)| rule.clone()).collect();
        rules.extend(plimsoll_verdict::own_rules());
        rules
    }

    /// Rules of the smallest profile that settings switch off.
    pub(crate) fn disabled(&self) -> usize {
        let recommended = |rule: &RuleMeta| rule.profile == plimsoll_finding::Profile::Recommended;
        self.catalogue.rules().iter().enumerate().filter(|(index, rule)| recommended(rule) && self.severity(*index, "").is_none()).count()
    }
}

/// The text of a file: as a document has it, which costs nothing, else as it is read.
fn text_of<'u>(path: &str, units: &'u [Vec<Document>], files: &dyn Files) -> Option<Cow<'u, str>> {
    let known = units.iter().flatten().find_map(|document| {
        let source = document.sources.iter().position(|source| source.uri == path && source.length > 0)?;
        Some(Cow::Borrowed(document.source_text(source as u32)))
    });
    known.or_else(|| Some(Cow::Owned(String::from_utf8(files.read(path).ok()?.to_vec()).ok()?)))
}

/// The annotations of a Kubernetes object; `lines` are those of its file, once they were needed.
pub(crate) fn annotations(document: &Document, lines: &mut Option<LineIndex>) -> Option<ObjectAnnotations> {
    if document.target != "kubernetes" {
        return None;
    }
    let root = document.doc().root();
    let entries = root.get_text("metadata").known()?.get_text("annotations").known()?;
    let source = root.span().source;
    let lines = lines.get_or_insert_with(|| crate::load::source_lines(document, source));
    let entry =
        |node: Node<'_>| Some((node.key().to_owned(), node.as_str()?.to_owned(), lines.location(node.span().start, node.span().end)));
    Some(ObjectAnnotations { covers: (root.span().start, root.span().end), entries: entries.children().filter_map(entry).collect() })
}
