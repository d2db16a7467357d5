//! `check --since REV`: what git says of a change.
//!
//! The `git` binary is asked, because it alone reads every repository as its owner does: worktrees, partial clones, index formats.

use anyhow::{Context, bail};
use plimsoll_engine::Since;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Largest file that is read from git; a larger one is not judged in the tree either.
const MAX_SIZE: usize = 100 * 1024 * 1024;

/// What differs between the working tree and the point where it left `revision`'s history.
pub(crate) fn read(revision: &str, cwd: &Path) -> anyhow::Result<Since> {
    if revision.is_empty() || revision.starts_with('-') {
        bail!("`{revision}` is no revision; --since takes a branch, tag or commit, as in `--since origin/main`");
    }
    let about = git(cwd, &["rev-parse", "--is-bare-repository", "--is-shallow-repository"])
        .context("--since compares with git's history, and this is no git repository")?;
    let (bare, shallow) = (about.starts_with("true"), about.lines().nth(1) == Some("true"));
    if bare {
        bail!("--since needs a working tree, and this repository is bare; check it out with `git worktree add DIRECTORY`");
    }
    let top = PathBuf::from(git(cwd, &["rev-parse", "--show-toplevel"])?.trim_end_matches('\n'));
    let deeper =
        if shallow { "; the clone is shallow: fetch more with `git fetch --unshallow`, or check out with `fetch-depth: 0`" } else { "" };
    let commit = git(cwd, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
        .map_err(|_| anyhow::anyhow!("git knows no revision `{revision}` here{deeper}"))?;
    let base = match git(cwd, &["merge-base", commit.trim(), "HEAD"]) {
        Ok(base) => base.lines().next().unwrap_or_default().to_owned(),
        Err(_) => bail!("`{revision}` and HEAD have no commit in common{deeper}"),
    };
    // The three ask the disk for as much as the tree has files.
    let (changed, untracked, tracked) = std::thread::scope(|scope| {
        let changed = scope.spawn(|| {
            git(&top, &["diff", "--no-ext-diff", "--no-textconv", "--name-only", "--no-renames", "--ignore-submodules", "-z", &base])
        });
        let untracked = scope.spawn(|| git(&top, &["ls-files", "--others", "--exclude-standard", "-z"]));
        let tracked = git(&top, &["ls-files", "-z"]);
        let join = |handle: std::thread::ScopedJoinHandle<'_, anyhow::Result<String>>| {
            handle.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a thread failed")))
        };
        (join(changed), join(untracked), tracked)
    });
    let (changed, untracked, tracked) = (changed?, untracked?, tracked?);
    let names = |list: &str| list.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let changed = names(&changed);
    let mut before: BTreeMap<PathBuf, Option<Arc<[u8]>>> = names(&untracked).into_iter().map(|name| (top.join(name), None)).collect();
    for (name, content) in changed.iter().zip(contents(&top, &base, &changed)?) {
        before.insert(top.join(name), content);
    }
    let all = names(&tracked).into_iter().chain(names(&untracked)).map(|name| top.join(name)).collect();
    // The working directory may be named through a link; paths are compared as the run words them.
    let physical = cwd.canonicalize().unwrap_or_else(|_| cwd.to_owned());
    Ok(if physical == cwd { Since { before, all } } else { reworded(Since { before, all }, &physical, cwd) })
}

fn reworded(since: Since, from: &Path, to: &Path) -> Since {
    let reword = |path: PathBuf| path.strip_prefix(from).map(|rest| to.join(rest)).unwrap_or(path);
    Since {
        before: since.before.into_iter().map(|(path, content)| (reword(path), content)).collect(),
        all: since.all.into_iter().map(reword).collect(),
    }
}

/// What files were in a commit, through one process whatever their number.
fn contents(top: &Path, commit: &str, names: &[String]) -> anyhow::Result<Vec<Option<Arc<[u8]>>>> {
    if names.is_empty() {
        return Ok(vec![]);
    }
    let mut child = command(top, &["cat-file", "--batch", "-z"]).stdin(Stdio::piped()).spawn().context("failed to start git")?;
    let requests: String = names.iter().map(|name| format!("{commit}:{name}\0")).collect();
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

fn git(directory: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = match command(directory, args).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!("--since needs `git` on the path"),
        output => output.context("failed to start git")?,
    };
    if !output.status.success() {
        bail!("git {}: {}", args[0], String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("failed"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
