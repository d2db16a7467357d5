//! What git says of a change.
//!
//! The `git` binary is asked, because it alone reads every repository as its owner does: worktrees, partial clones, index formats.

use super::Listing;
use anyhow::{Context, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// Largest file that is read from git; a larger one is not judged in the tree either.
const MAX_SIZE: usize = 100 * 1024 * 1024;

/// Where a comparison is made.
#[derive(Debug)]
pub(super) struct Place {
    /// The working tree.
    pub(super) top: PathBuf,
    /// Git's list of tracked files.
    pub(super) index: PathBuf,
    /// The commit to compare with.
    pub(super) base: String,
}

impl Place {
    /// A path of the tree as git names it.
    pub(super) fn name(&self, path: &Path) -> Option<String> {
        Some(path.strip_prefix(&self.top).ok()?.to_str()?.replace('\\', "/"))
    }
}

/// Finds the working tree, and where it left `revision`'s history.
pub(super) fn place(revision: &str, cwd: &Path) -> anyhow::Result<Place> {
    let commit = format!("{revision}^{{commit}}");
    // One process for all of it; git says what it can before it says that it cannot.
    let args = ["rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-toplevel", "--git-path", "index", "HEAD", &commit];
    let about = run(cwd, &args)?;
    let said = String::from_utf8_lossy(&about.stdout).into_owned();
    let mut lines = said.lines();
    let (Some(bare), Some(shallow)) = (lines.next(), lines.next()) else {
        let why = anyhow::anyhow!("git rev-parse: {}", first_line(&about.stderr));
        return Err(why.context("--since compares with git's history, and this is no git repository"));
    };
    if bare == "true" {
        bail!("--since needs a working tree, and this repository is bare; check it out with `git worktree add DIRECTORY`");
    }
    let (Some(top), Some(index)) = (lines.next(), lines.next()) else { bail!("git rev-parse: {}", first_line(&about.stderr)) };
    let deeper = if shallow == "true" {
        "; the clone is shallow: fetch more with `git fetch --unshallow`, or check out with `fetch-depth: 0`"
    } else {
        ""
    };
    let (Some(head), Some(commit), true) = (lines.next(), lines.next(), about.status.success()) else {
        bail!("git knows no revision `{revision}` here{deeper}");
    };
    let base = if head == commit {
        head.to_owned()
    } else {
        match git(cwd, &["merge-base", commit, "HEAD"]) {
            Ok(base) => base.lines().next().unwrap_or_default().to_owned(),
            Err(_) => bail!("`{revision}` and HEAD have no commit in common{deeper}"),
        }
    };
    Ok(Place { top: PathBuf::from(top), index: cwd.join(index), base })
}

/// What differs, and what there is.
pub(super) fn listing(place: &Place) -> anyhow::Result<Listing> {
    let Place { top, base, .. } = place;
    // The three ask the disk for as much as the tree has files.
    let (changed, untracked, tracked) = std::thread::scope(|scope| {
        let changed = scope.spawn(|| {
            git(top, &["diff", "--no-ext-diff", "--no-textconv", "--name-only", "--no-renames", "--ignore-submodules", "-z", base])
        });
        let untracked = scope.spawn(|| git(top, &["ls-files", "--others", "--exclude-standard", "-z"]));
        let tracked = git(top, &["ls-files", "-z"]);
        let join = |handle: std::thread::ScopedJoinHandle<'_, anyhow::Result<String>>| {
            handle.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a thread failed")))
        };
        (join(changed), join(untracked), tracked)
    });
    Ok(Listing { changed: names(&changed?), untracked: names(&untracked?), tracked: names(&tracked?) })
}

/// Those of these names, and of what lies below them, that are neither tracked nor ignored.
pub(super) fn untracked(place: &Place, among: &[String]) -> Option<Vec<String>> {
    if among.is_empty() {
        return Some(vec![]);
    }
    let mut args = vec!["--literal-pathspecs", "ls-files", "--others", "--exclude-standard", "-z", "--"];
    args.extend(among.iter().map(String::as_str));
    git(&place.top, &args).ok().map(|list| names(&list))
}

fn names(list: &str) -> Vec<String> {
    list.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What files were in the base, through one process whatever their number.
pub(super) fn contents(place: &Place, names: &[String]) -> anyhow::Result<Vec<Option<Arc<[u8]>>>> {
    if names.is_empty() {
        return Ok(vec![]);
    }
    let Place { top, base, .. } = place;
    let mut child = command(top, &["cat-file", "--batch", "-z"]).stdin(Stdio::piped()).spawn().context("failed to start git")?;
    let requests: String = names.iter().map(|name| format!("{base}:{name}\0")).collect();
    let mut input = child.stdin.take().context("git takes no input")?;
    // Written beside the reading: git answers while it is asked, and a full pipe would stop both.
    let writer = std::thread::spawn(move || input.write_all(requests.as_bytes()));
    let mut output = BufReader::new(child.stdout.take().context("git gives no output")?);
    let mut all = vec![];
    for name in names {
        let mut head = String::new();
        output.read_line(&mut head).context("failed to read from git")?;
        let words: Vec<&str> = head.split_whitespace().collect();
        // `<oid> blob <size>`, or the request and `missing`.
        let blob = words.len() >= 3 && words[words.len() - 2] == "blob";
        let size = words.last().and_then(|size| size.parse::<usize>().ok());
        let Some(size) = size.filter(|_| words.last() != Some(&"missing")) else {
            all.push(None);
            continue;
        };
        if size > MAX_SIZE {
            bail!("{name} was larger than {MAX_SIZE} bytes");
        }
        let mut bytes = vec![0; size + 1];
        output.read_exact(&mut bytes).context("failed to read from git")?;
        bytes.truncate(size);
        all.push(blob.then(|| bytes.into()));
    }
    let _ = writer.join();
    let _ = child.wait();
    Ok(all)
}

fn command(directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    // A scanned repository's configuration must start no programs of its own, and nothing is written.
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks"]);
    command.args(args).current_dir(directory).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(directory: &Path, args: &[&str]) -> anyhow::Result<Output> {
    match command(directory, args).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!("--since needs `git` on the path"),
        output => output.context("failed to start git"),
    }
}

fn git(directory: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = run(directory, args)?;
    if !output.status.success() {
        bail!("git {}: {}", args[0], first_line(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or("failed").to_owned()
}
