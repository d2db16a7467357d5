//! `plimsoll check`.

use super::args::{self, Check, Selection, Suppressed, Terminal};
use super::replay::Replay;
use super::{baseline, first_run, rule, since, terminal};
use anyhow::{Context, bail};
use plimsoll_config::{Layer, Origin, PluginSetting, Sourced};
use plimsoll_engine::{Change, Engine, Outcome, Request};
use plimsoll_finding::{Applicability, Notice, NoticeKind, RuleMeta};
use plimsoll_report::{Format, Report, SarifOptions, Style, Summary, print, print_statistics};
use plimsoll_source::ConfigLookup;
use plimsoll_verdict::{Ending, Run};
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The command, as the last thing of the process.
pub(crate) fn run(args: &Check, out: &Terminal) -> anyhow::Result<Ending> {
    let (ending, left) = judge(args, out)?;
    // The process ends with it, and to free every value by itself takes longer than to draw a hundred findings.
    std::mem::forget(left);
    Ok(ending)
}

/// Judges, and tells what was found. What all of it was made of is given back, for the caller to free, or not.
pub(crate) fn judge(args: &Check, out: &Terminal) -> anyhow::Result<(Ending, Option<(Engine, Outcome)>)> {
    if let Some(id) = &args.explain {
        return Ok((rule::explain(id, args::ListFormat::Text, &args.rules)?, None));
    }
    let start = Instant::now();
    if args.jobs > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build_global().context("failed to start the threads")?;
    }
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let replay = Replay::of(args, &cwd);
    if let Some(replay) = &replay {
        if let Some(ending) = replay.again(start)? {
            return Ok((ending, None));
        }
        terminal::listen();
    }
    let mut stdin = vec![];
    if args.stdin_filename.is_some() {
        std::io::stdin().lock().read_to_end(&mut stdin).context("failed to read standard input")?;
    }
    let level = match (args.fix || args.diff, args.unsafe_fixes) {
        (true, true) => Some(Applicability::Unsafe),
        (true, false) => Some(Applicability::Safe),
        (false, _) => None,
    };
    if level.is_some() && !args.diff && args.stdin_filename.is_some() {
        bail!("--fix cannot write to standard input; use --diff");
    }
    let locked = args.rules.org_config.is_some();
    if locked && (args.exit_zero || args.no_waivers || args.allow_incomplete) {
        terminal::tell("warning: --exit-zero, --allow-incomplete and --no-waivers have no effect under an organisation's configuration");
    }
    let mut layer = layer(&args.rules);
    layer.fail_on = args.fail_on.map(Sourced::command_line);
    let since = args.since.as_deref().map(|revision| since::read(revision, &cwd, args.cache.as_deref())).transpose()?;
    let request = Request {
        cwd: &cwd,
        paths: &args.paths,
        stdin: args.stdin_filename.as_deref().map(|name| (name, stdin.as_slice())),
        lookup: lookup(&args.rules, &cwd),
        layer,
        trust: args.trust_fixes.clone(),
        fix: level,
        waivers: !args.no_waivers || locked,
        today: plimsoll_verdict::today(),
        threads: args.jobs,
        alone: false,
        cache: args.cache.as_deref(),
        shard: args.shard,
        progress: None,
        organisation: organisation(&args.rules, &cwd)?,
        since: since.as_ref(),
    };
    let bar = terminal::Progress::new(!args.no_progress && !out.quiet);
    let tick = |done: usize, all: usize| bar.at(done, all);
    let request = Request { progress: Some(&tick), ..request };
    let engine = Engine::new(cache_dir())?;
    if args.show_files {
        return Ok((show_files(&engine, &request)?, None));
    }
    let mut outcome = if args.cluster {
        cluster(&engine, &request, args)?
    } else if args.as_admission {
        engine.check_as_admission(&request)
    } else {
        engine.check(&request)
    };
    bar.finish();
    if let Some(since) = request.since {
        // A change that touches nothing of ours is no mistake of the caller's.
        outcome.excluded += 1;
        if !out.quiet {
            let (changed, units) = (since.before.len(), outcome.judged);
            terminal::tell(&format!("{changed} files changed, {units} units judged, {} older findings left out", outcome.older));
        }
    }
    let written = if level.is_some() && !args.diff { write(&outcome.changes)? } else { 0 };
    if out.quiet {
        outcome.notices.retain(|notice| notice.incomplete || notice.kind != NoticeKind::Template);
    }
    if let Some(file) = &args.baseline {
        baseline::apply(args, file, &cwd, &mut outcome, out.quiet)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let files = report(args, out, &outcome, seconds, written)?;
    complain(&outcome);
    if !out.quiet && args.format == args::Format::Full {
        first_run::tell(args, &cwd, &outcome);
    }
    let ending = ending(args, &outcome);
    if let Some(directory) = &args.cache {
        plimsoll_engine::prune(&cwd.join(directory));
    }
    if let Some(replay) = replay {
        let said = terminal::heard().unwrap_or_default();
        replay.keep(outcome.seen.take(), &said, &files, seconds, ending);
    }
    Ok((ending, Some((engine, outcome))))
}

/// Says on standard error what the run was asked for and could not do.
pub(crate) fn complain(outcome: &Outcome) {
    for error in &outcome.errors {
        terminal::tell(&format!("error: {error}"));
    }
    for path in &outcome.missing {
        terminal::tell(&format!("error: {}: no such file or directory", path.display()));
    }
}

/// How a run ended whose findings are no failure.
pub(crate) fn ending_of(outcome: &Outcome, allow_incomplete: bool) -> Ending {
    Ending::of(&Run {
        failed: !outcome.errors.is_empty() || !outcome.missing.is_empty(),
        incomplete: outcome.notices.iter().any(|notice| notice.incomplete),
        files: outcome.files,
        excluded: outcome.excluded,
        allow_incomplete,
        ..Run::default()
    })
}

/// Judges what a cluster holds, page by page.
fn cluster(engine: &Engine, request: &Request<'_>, args: &Check) -> anyhow::Result<Outcome> {
    let mut objects = match engine.objects(request) {
        Ok(objects) => objects,
        Err(errors) => return Ok(Outcome { errors, ..Outcome::default() }),
    };
    let scope = plimsoll_cluster::Scope { context: args.context.as_deref(), namespace: args.namespace.as_deref() };
    let refused = plimsoll_cluster::list(&scope, &mut |page| {
        let page: Vec<(String, String)> = page.into_iter().map(|object| (object.path, object.json)).collect();
        objects.judge(&page);
    })
    .context("failed to list the cluster's objects")?;
    let mut outcome = objects.finish();
    let notice = |message| Notice { kind: NoticeKind::Io, at: None, message, incomplete: true };
    outcome.notices.extend(refused.into_iter().map(notice));
    Ok(outcome)
}

fn ending(args: &Check, outcome: &Outcome) -> Ending {
    Ending::of(&Run {
        failed: !outcome.errors.is_empty() || !outcome.missing.is_empty(),
        incomplete: outcome.notices.iter().any(|notice| notice.incomplete),
        failing: outcome.failing,
        differs: !outcome.changes.is_empty(),
        files: outcome.files,
        excluded: outcome.excluded,
        diff: args.diff,
        allow_incomplete: args.allow_incomplete && args.rules.org_config.is_none(),
        exit_zero: args.exit_zero && args.rules.org_config.is_none(),
    })
}

/// What the command line says over configuration files.
pub(crate) fn layer(args: &Selection) -> Layer {
    let sourced = |list: &[String]| list.iter().cloned().map(Sourced::command_line).collect::<Vec<_>>();
    Layer {
        origin: Origin::CommandLine,
        select: (!args.select.is_empty()).then(|| sourced(&args.select)),
        extend_select: sourced(&args.extend_select),
        ignore: sourced(&args.ignore),
        plugins: args
            .plugin
            .iter()
            .map(|path| PluginSetting { origin: Origin::CommandLine, path: path.clone(), sha256: None, name: None })
            .collect(),
        ..Layer::default()
    }
}

/// The rules that the settings of the working directory's project know.
pub(crate) fn rules(args: &Selection) -> anyhow::Result<Vec<RuleMeta>> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    Engine::new(cache_dir())?.rules(&request(args, &cwd)).map_err(|errors| anyhow::anyhow!(errors.join("\n")))
}

/// A request about the settings alone.
pub(crate) fn request<'a>(args: &Selection, cwd: &'a Path) -> Request<'a> {
    Request {
        cwd,
        paths: &[],
        stdin: None,
        lookup: lookup(args, cwd),
        layer: layer(args),
        trust: vec![],
        fix: None,
        waivers: true,
        today: plimsoll_verdict::today(),
        threads: 0,
        alone: false,
        cache: None,
        shard: None,
        progress: None,
        organisation: None,
        since: None,
    }
}

/// The organisation's configuration. One that cannot be read ends the run: without it everything would be looser.
pub(crate) fn organisation(args: &Selection, cwd: &Path) -> anyhow::Result<Option<plimsoll_config::Config>> {
    let Some(file) = &args.org_config else { return Ok(None) };
    let file = cwd.join(file);
    let folder = file.parent().unwrap_or(cwd).to_owned();
    let config = plimsoll_config::load(&file, &folder);
    if config.has_errors() {
        let problems: Vec<String> = config.problems.iter().filter(|problem| problem.error).map(ToString::to_string).collect();
        bail!("the organisation's configuration: {}", problems.join("; "));
    }
    Ok(Some(config))
}

/// Where configuration comes from.
pub(crate) fn lookup(args: &Selection, cwd: &Path) -> ConfigLookup {
    match &args.config {
        _ if args.isolated => ConfigLookup::Isolated,
        Some(file) => ConfigLookup::Fixed(cwd.join(file)),
        None => ConfigLookup::Closest,
    }
}

/// Where compiled third-party plugins are kept: the user's cache, never the repository.
pub(crate) fn cache_dir() -> Option<PathBuf> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    var("PLIMSOLL_CACHE")
        .or_else(|| var("XDG_CACHE_HOME").or_else(|| var("HOME").map(|home| home.join(".cache"))).map(|base| base.join("plimsoll")))
}

fn show_files(engine: &Engine, request: &Request<'_>) -> anyhow::Result<Ending> {
    let found = engine.discover(request);
    let lines = found.projects.iter().flat_map(|project| &project.files).map(|file| format!("{:<10} {}\n", file.kind.name(), file.shown));
    let text: String = lines.collect();
    terminal::print(&text)?;
    Ok(if text.is_empty() { Ending::NothingMatched } else { Ending::Clean })
}

fn write(changes: &[Change]) -> anyhow::Result<usize> {
    for change in changes {
        plimsoll_engine::write(&change.path, &change.new).with_context(|| format!("failed to write {}", change.shown))?;
    }
    Ok(changes.len())
}

/// Prints the report, and writes those that are asked for besides: their files, with what was written.
fn report(args: &Check, out: &Terminal, outcome: &Outcome, seconds: f64, written: usize) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let texts: Mutex<HashMap<Arc<str>, Option<Arc<str>>>> = Mutex::new(HashMap::new());
    let changed: HashMap<&str, &Arc<str>> = outcome.changes.iter().map(|change| (&*change.shown, &change.new)).collect();
    let text = |path: &str| -> Option<Arc<str>> {
        if let Some(new) = changed.get(path) {
            return Some((*new).clone());
        }
        if let Some(known) = texts.lock().ok()?.get(path) {
            return known.clone();
        }
        let read = outcome
            .texts
            .get(path)
            .cloned()
            .or_else(|| outcome.places.get(path).and_then(|place| std::fs::read_to_string(place).ok()).map(Arc::from));
        texts.lock().ok()?.insert(path.into(), read.clone());
        read
    };
    let report = Report {
        findings: &outcome.findings,
        waived: &outcome.waived,
        notices: &outcome.notices,
        rules: &outcome.rules,
        plugins: &outcome.plugins,
        summary: Summary { files: outcome.files, judged: outcome.judged, disabled: outcome.disabled, fixed: outcome.fixed, seconds },
        text: &text,
    };
    let base = base();
    let style = |color, links| Style {
        base: base.clone(),
        color,
        links,
        sarif: SarifOptions { suppressed: args.sarif_suppressed == Suppressed::Include, category: None },
    };
    let mut files = vec![];
    for (kind, file) in &args.output {
        let text = print(&report, format(*kind), &style(false, false));
        std::fs::write(file, &text).with_context(|| format!("failed to write {}", file.display()))?;
        files.push((file.clone(), text));
    }
    let to_print = if args.diff {
        outcome.changes.iter().map(plimsoll_engine::diff).collect()
    } else if args.statistics {
        print_statistics(&report)
    } else {
        print(&report, format(args.format), &style(terminal::colored(out), terminal::linked(out)))
    };
    terminal::print(&to_print)?;
    if written > 0 && !out.quiet {
        terminal::tell(&format!("{} fixes applied in {written} files", outcome.fixed));
    }
    if args.diff || args.statistics || matches!(args.format, args::Format::Github) {
        for notice in outcome.notices.iter().filter(|notice| notice.incomplete) {
            let at = notice.at.as_ref().map_or_else(String::new, |at| format!("{}:{}: ", at.path, at.range.start.line));
            terminal::tell(&plimsoll_report::control(&format!("{at}{}", notice.message)));
        }
    }
    Ok(files)
}

/// The working directory below its repository's top, `/`-separated.
fn base() -> String {
    let Ok(cwd) = std::env::current_dir() else { return String::new() };
    let top = cwd.ancestors().find(|directory| directory.join(".git").exists());
    top.and_then(|top| cwd.strip_prefix(top).ok()).map(|base| base.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

const fn format(format: args::Format) -> Format {
    match format {
        args::Format::Full => Format::Full,
        args::Format::Concise => Format::Concise,
        args::Format::Json => Format::Json,
        args::Format::Sarif => Format::Sarif,
        args::Format::Github => Format::Github,
        args::Format::Gitlab => Format::Gitlab,
        args::Format::Junit => Format::Junit,
        args::Format::Rdjson => Format::Rdjson,
        args::Format::Markdown => Format::Markdown,
        args::Format::Html => Format::Html,
    }
}
