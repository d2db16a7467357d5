//! The one evaluator.

use crate::annotation::{self, ObjectAnnotations};
use crate::central::Central;
use crate::comment::{self, FileComments, MAX_WAIVERS, Places, bodies};
use crate::listing::Listed;
use crate::own_rules::{EXPIRED, MALFORMED, REFUSED, UNKNOWN_RULE, UNUSED, own_rules};
use crate::peer_comment::{self, PeerIgnore, Reach};
use crate::policy::Policy;
use crate::scan;
use crate::selection::{InForce, Selection, unknown};
use crate::selector::Catalogue;
use crate::waiver::{By, Cover, Fault, Part, Waiver};
use jiff::civil::Date;
use plimsoll_config::{Config, Problem};
use plimsoll_finding::{Finding, Lines, Location, Notice, NoticeKind, RuleMeta, Severity, State, Waived};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// Settings, rules and a day: everything that decides what counts in one project.
#[derive(Debug)]
pub struct Evaluator {
    catalogue: Catalogue,
    selection: Selection,
    central: Vec<Central>,
    problems: Vec<Problem>,
    today: Date,
    policy: Policy,
}

/// What [`Evaluator::evaluate`] adds to the findings it was given.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings about waivers.
    pub extra: Vec<Finding>,
    /// Indices of central waivers, one for each finding they cover or (expired) had covered; for [`Evaluator::close`].
    pub used: Vec<usize>,
    /// What could not be looked at.
    pub notices: Vec<Notice>,
    /// The waivers in these files and objects.
    pub waivers: Vec<Listed>,
}

impl Evaluator {
    /// Resolves a project's settings against the rules of the run, whose order gives their indices; our own rules about waivers follow
    /// them. `root` is the project root, which findings' paths are relative to.
    pub fn new(rules: &[RuleMeta], config: &Config, root: &Path, today: Date) -> Self {
        let own: Vec<RuleMeta> = own_rules().into_iter().filter(|own| rules.iter().all(|rule| rule.id != own.id)).collect();
        let all = || rules.iter().chain(&own);
        let catalogue = Catalogue::new(all());
        let mut problems = Vec::new();
        let selection = Selection::new(&catalogue, all().map(|rule| rule.severity).collect(), config, &mut problems);
        let central = Central::all(&catalogue, config, root, today, &mut problems);
        let policy = Policy::new(config.lock.clone(), today);
        Self { catalogue, selection, central, problems, today, policy }
    }

    /// Selectors that name nothing, globs that cannot be read.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Rules by everything they can be named by.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The severity in force of a rule (by index) for a path relative to the project root, or `None` where it is off.
    pub fn severity(&self, rule: usize, path: &str) -> Option<Severity> {
        self.selection.of(path).get(rule).copied().flatten()
    }

    /// The severity in force of every rule for a path, by index; one look for a whole file.
    pub fn in_force(&self, path: &str) -> InForce {
        self.selection.of(path)
    }

    /// Rules in force for a path, by index.
    pub fn enabled(&self, path: &str) -> Vec<usize> {
        self.selection.of(path).iter().enumerate().filter(|(_, severity)| severity.is_some()).map(|(rule, _)| rule).collect()
    }

    /// Sets the state of every finding, and finds what is wrong with the waivers in these files and objects. All findings about these
    /// files must be among `findings`: a waiver that covers none of them is called unused.
    pub fn evaluate(&self, findings: &mut [&mut Finding], files: &[FileComments], objects: &[ObjectAnnotations]) -> Verdict {
        let mut verdict = Verdict::default();
        let mut pool = Pool::default();
        for file in files {
            self.read_file(file, &mut pool, &mut verdict.notices);
        }
        for object in objects {
            for result in annotation::waivers(&self.catalogue, object) {
                pool.add(result, true);
            }
        }
        pool.order();
        for finding in findings.iter_mut() {
            self.judge(finding, &mut pool, &mut verdict.used);
        }
        let mut extra = self.hold_to_account(&pool);
        let names = |waiver: &Waiver| waiver.parts.iter().map(|part| part.selector.as_str()).collect::<Vec<_>>().join(", ");
        verdict.waivers = pool
            .waivers
            .iter()
            .map(|(waiver, _)| Listed { waived: waiver.waived(), rules: names(waiver), expired: waiver.expired(self.today) })
            .collect();
        for finding in &mut extra {
            // What a waiver's own finding is waived by is not asked whether it is used: that would never end.
            self.judge(finding, &mut pool, &mut verdict.used);
        }
        verdict.extra = extra;
        verdict
    }

    /// Findings about the configuration's waivers, once every unit was judged. `used` is what all verdicts held; `whole` says whether the
    /// whole project was judged, for else nothing can be said about unused ones.
    pub fn close(&self, used: &[usize], whole: bool) -> Vec<Finding> {
        let mut extra = Vec::new();
        for (index, waiver) in self.central.iter().enumerate() {
            for (selector, at) in &waiver.unknown {
                extra.extend(self.finding(UNKNOWN_RULE, unknown(&self.catalogue, selector), at, selector));
            }
            let names_locked = waiver.rules.iter().find_map(|rule| self.policy.refuses(self.catalogue.id(*rule), &waiver.waived()));
            if let Some(why) = names_locked.filter(|_| !waiver.expired) {
                extra.extend(self.finding(REFUSED, format!("waiver of `{}` is refused: {why}", waiver.names), &waiver.at, &waiver.names));
            }
            let hits = used.iter().filter(|used| **used == index).count();
            let path = &waiver.at.path;
            if waiver.expired {
                let until = waiver.until().unwrap_or_default();
                let hidden = counted(hits);
                extra.extend(self.finding(
                    EXPIRED,
                    format!("waiver of `{}` expired on {until}; it had hidden {hidden}", waiver.names),
                    &waiver.at,
                    &waiver.names,
                ));
            } else if hits == 0 && whole && waiver.rules.iter().any(|rule| self.severity(*rule, path).is_some()) {
                extra.extend(self.finding(UNUSED, format!("waiver of `{}` hides nothing", waiver.names), &waiver.at, &waiver.names));
            }
        }
        for finding in &mut extra {
            if let Some(rule) = self.catalogue.index(&finding.rule)
                && let Some(waiver) = self.central.iter().find(|waiver| !waiver.expired && waiver.covers(rule, finding))
                && self.policy.refuses(&finding.rule, &waiver.waived()).is_none()
            {
                finding.state = State::Waived(waiver.waived());
            }
        }
        extra
    }

    /// The configuration's waivers.
    pub fn central(&self) -> Vec<Listed> {
        let listed = |waiver: &Central| Listed { waived: waiver.waived(), rules: waiver.names.clone(), expired: waiver.expired };
        self.central.iter().map(listed).collect()
    }

    /// Whether nobody may waive a rule, not even by a baseline.
    pub fn is_locked(&self, rule: &str) -> bool {
        self.policy.locks(rule) && !self.policy.allows_baseline()
    }

    fn read_file(&self, file: &FileComments, pool: &mut Pool, notices: &mut Vec<Notice>) {
        let places = Places { path: &file.path, text: file.text, lines: Lines::new(file.text) };
        let before = pool.waivers.len();
        let mut blocks = None;
        if file.target == "docker"
            && let Some((ids, (start, end))) = scan::check_directive(file.text)
        {
            let ignore = PeerIgnore { peer: "buildkit", ids, reach: Reach::File, until: None, reason: None };
            pool.add(Ok(self.peer_waiver(&ignore, Cover::File, places.at(start, end))), file.intact);
        }
        if file.target == "docker" {
            for found in scan::shellcheck(file.text).into_iter().take(MAX_WAIVERS) {
                let ignore = PeerIgnore { peer: "shellcheck", ids: found.codes, reach: Reach::Next, until: None, reason: None };
                let (start, end) = found.comment;
                pool.add(Ok(self.peer_waiver(&ignore, Cover::From(found.command), places.at(start, end))), file.intact);
            }
        }
        for &((start, end), covers) in &file.comments {
            if pool.waivers.len() - before >= MAX_WAIVERS {
                let message = format!("more than {MAX_WAIVERS} waivers in one file: the rest is not looked at");
                notices.push(Notice { kind: NoticeKind::Limit, at: Some(places.at(start, end)), message, incomplete: true });
                return;
            }
            for (body, offset) in bodies(file.text, start, end) {
                if let Some(result) = comment::own(&self.catalogue, &places, body, offset, covers) {
                    pool.add(result, file.intact);
                    continue;
                }
                for ignore in peer_comment::parse(body) {
                    let cover = reach(&ignore, file, (start, end), covers, &mut blocks);
                    pool.add(Ok(self.peer_waiver(&ignore, cover, places.at(start, end))), file.intact);
                }
            }
        }
    }

    fn peer_waiver(&self, ignore: &PeerIgnore, cover: Cover, at: Location) -> Waiver {
        let mut rules: Vec<usize> = ignore.ids.iter().flat_map(|id| self.peer_rules(ignore.peer, id)).collect();
        rules.sort_unstable();
        rules.dedup();
        Waiver {
            by: By::Peer(ignore.peer),
            parts: vec![Part { rules: Some(rules), selector: ignore.ids.join(", "), at: at.clone() }],
            cover,
            at,
            until: ignore.until,
            owner: None,
            ticket: None,
            reason: ignore.reason.clone(),
        }
    }

    fn peer_rules(&self, peer: &str, id: &str) -> Vec<usize> {
        match peer {
            // tally names other linters' rules as `hadolint/DL3008`.
            "tally" => match id.split_once('/') {
                Some((other, id)) if other != "tally" => self.catalogue.of_peer(&other.to_ascii_lowercase(), id),
                _ => [self.catalogue.of_peer("tally", id), self.catalogue.of_peer("hadolint", id), self.catalogue.of_peer("buildkit", id)]
                    .concat(),
            },
            // hadolint runs ShellCheck, and reports its codes as its own.
            "shellcheck" => self.catalogue.of_peer("hadolint", id),
            // Trivy took tfsec in, with its rules and its comments.
            "tfsec" => [self.catalogue.of_peer("tfsec", id), self.catalogue.of_peer("trivy", id)].concat(),
            peer => self.catalogue.of_peer(peer, id),
        }
    }

    fn judge(&self, finding: &mut Finding, pool: &mut Pool, used: &mut Vec<usize>) {
        let Some(rule) = self.catalogue.index(&finding.rule) else { return };
        let mut best: Option<Waived> = None;
        let mut paths = vec![finding.site.path.clone()];
        if finding.at.path != finding.site.path {
            paths.push(finding.at.path.clone());
        }
        for path in paths {
            let Some(indices) = pool.by_path.get(&*path) else { continue };
            for &index in indices {
                let waiver = &pool.waivers[index].0;
                let covers = |at: &Location| at.path == path && waiver.cover.covers(at);
                let Some(part) = waiver.part(rule).filter(|_| covers(&finding.site) || covers(&finding.at)) else { continue };
                if waiver.expired(self.today) {
                    let hidden = pool.hidden.entry(index).or_default();
                    hidden.count += 1;
                    if hidden.first.len() < MAX_NAMED {
                        hidden.first.push(format!("{} at line {}", finding.rule, finding.at.range.start.line));
                    }
                    continue;
                }
                pool.used.insert((index, part));
                if let Some(why) = self.policy.refuses(&finding.rule, &waiver.waived()) {
                    pool.refused.insert(index, why);
                    continue;
                }
                best.get_or_insert_with(|| waiver.waived());
            }
        }
        for (index, waiver) in self.central.iter().enumerate() {
            if waiver.covers(rule, finding) {
                used.push(index);
                if !waiver.expired && self.policy.refuses(&finding.rule, &waiver.waived()).is_none() {
                    // Comments and annotations stand closer than the configuration; a peer's word counts least, but one is enough.
                    best.get_or_insert_with(|| waiver.waived());
                }
            }
        }
        finding.state = best.map_or(State::Active, State::Waived);
    }

    fn hold_to_account(&self, pool: &Pool) -> Vec<Finding> {
        let mut extra = Vec::new();
        for (index, why) in &pool.refused {
            let (waiver, _) = &pool.waivers[*index];
            let names = waiver.parts.iter().map(|part| part.selector.as_str()).collect::<Vec<_>>().join(", ");
            extra.extend(self.finding(REFUSED, format!("waiver of `{names}` is refused: {why}"), &waiver.at, &names));
        }
        for fault in &pool.faults {
            extra.extend(self.finding(MALFORMED, format!("this waiver waives nothing: {}", fault.cause), &fault.at, ""));
        }
        for (index, (waiver, intact)) in pool.waivers.iter().enumerate().filter(|(_, (waiver, _))| waiver.by.ours()) {
            for part in waiver.parts.iter().filter(|part| part.rules.is_none()) {
                extra.extend(self.finding(UNKNOWN_RULE, unknown(&self.catalogue, &part.selector), &part.at, &part.selector));
            }
            if waiver.expired(self.today) {
                let names = waiver.parts.iter().map(|part| part.selector.as_str()).collect::<Vec<_>>().join(", ");
                let until = waiver.until.map(|until| until.to_string()).unwrap_or_default();
                let Hidden { count, first } = pool.hidden.get(&index).cloned().unwrap_or_default();
                let more = if count > first.len() { ", …" } else { "" };
                let list = if first.is_empty() { String::new() } else { format!(" ({}{more})", first.join(", ")) };
                let message = format!("waiver of `{names}` expired on {until}; it had hidden {}{list}", counted(count));
                extra.extend(self.finding(EXPIRED, message, &waiver.at, &names));
                continue;
            }
            for (number, part) in waiver.parts.iter().enumerate() {
                let Some(rules) = &part.rules else { continue };
                let ran = rules
                    .iter()
                    .any(|rule| !self.catalogue.id(*rule).starts_with("plimsoll/") && self.severity(*rule, &waiver.at.path).is_some());
                if *intact && ran && !pool.used.contains(&(index, number)) {
                    extra.extend(self.finding(UNUSED, format!("waiver of `{}` hides nothing", part.selector), &part.at, &part.selector));
                }
            }
        }
        extra
    }

    /// A finding of one of our own rules, if that rule is on for the file.
    fn finding(&self, rule: &str, message: String, at: &Location, subject: &str) -> Option<Finding> {
        let severity = self.severity(self.catalogue.index(rule)?, &at.path)?;
        let address = if subject.is_empty() { "waiver".to_owned() } else { format!("waiver[{subject}]") };
        let digest = Sha256::digest(format!("{rule}\0{}\0{address}", at.path));
        let digits = digest.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
        let fingerprint = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        Some(Finding {
            rule: rule.into(),
            severity,
            message,
            at: at.clone(),
            site: at.clone(),
            addresses: vec![address.clone()],
            address,
            fingerprint,
            related: Vec::new(),
            fixes: Vec::new(),
            secrets: Vec::new(),
            state: State::Active,
        })
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "nothing that is still there".into(),
        1 => "1 finding".into(),
        count => format!("{count} findings"),
    }
}

fn reach(
    ignore: &PeerIgnore,
    file: &FileComments,
    (start, _): (u32, u32),
    covers: Option<(u32, u32)>,
    blocks: &mut Option<Vec<(u32, u32)>>,
) -> Cover {
    let next = covers.map_or(Cover::Nothing, Cover::Within);
    match ignore.reach {
        Reach::Next => next,
        Reach::File => Cover::File,
        Reach::FileFromTop if start < scan::head_end(file.text) => Cover::File,
        Reach::FileFromTop => Cover::Nothing,
        Reach::Line => Cover::From(scan::line_of(file.text, start)),
        Reach::NextLine => scan::next_line(file.text, start).map_or(Cover::Nothing, Cover::From),
        // Checkov skips a check for a whole Dockerfile wherever the comment stands.
        Reach::Block if file.target == "docker" => Cover::File,
        Reach::Block => {
            let blocks = blocks.get_or_insert_with(|| if file.target == "terraform" { scan::blocks(file.text) } else { Vec::new() });
            let after = blocks.partition_point(|(from, _)| *from <= start);
            let inside = after.checked_sub(1).map(|index| blocks[index]).filter(|(_, to)| start < *to);
            inside.map_or(next, Cover::Within)
        }
    }
}

/// Every waiver of the files and objects at hand.
#[derive(Default)]
struct Pool {
    /// With whether what it stands in was judged whole.
    waivers: Vec<(Waiver, bool)>,
    faults: Vec<Fault>,
    by_path: HashMap<String, Vec<usize>>,
    used: HashSet<(usize, usize)>,
    /// Waivers that an organisation refuses, with the reason.
    refused: BTreeMap<usize, String>,
    hidden: HashMap<usize, Hidden>,
}

/// What an expired waiver had hidden.
#[derive(Clone, Default)]
struct Hidden {
    count: usize,
    first: Vec<String>,
}

/// Findings that an expired waiver names.
const MAX_NAMED: usize = 5;

impl Pool {
    fn add(&mut self, result: Result<Waiver, Fault>, intact: bool) {
        match result {
            Ok(waiver) => self.waivers.push((waiver, intact)),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn order(&mut self) {
        self.waivers.sort_by(|(a, _), (b, _)| (a.by, &a.at).cmp(&(b.by, &b.at)));
        for (index, (waiver, _)) in self.waivers.iter().enumerate() {
            self.by_path.entry(waiver.at.path.to_string()).or_default().push(index);
        }
    }
}
