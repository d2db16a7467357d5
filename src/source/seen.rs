//! What a run looked at, and whether all of it is still the same: the second run over an unchanged tree need not read any of it.
//!
//! A file counts as the same if device, inode, size, time of modification and time of change are; so does a directory, whose times move
//! when an entry comes, goes or is renamed. What changed in the last moments before a run may change again without its times moving, so
//! nothing is kept of such a run.

use crate::CONFIG_NAMES;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Coarsest granularity of a file system's times.
const GRANULARITY: Duration = Duration::from_secs(2);
/// Files of a directory that say what lies in it is ignored.
const IGNORE_NAMES: [&str; 2] = [".gitignore", ".ignore"];

/// What a run looked at.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    walked: BTreeSet<PathBuf>,
    listed: BTreeSet<PathBuf>,
    looked_at: BTreeSet<PathBuf>,
    sought: BTreeSet<PathBuf>,
}

impl Seen {
    /// A directory that was walked, with what its ignore files say.
    pub fn walk(&mut self, directory: PathBuf) {
        self.walked.insert(directory);
    }

    /// A directory whose entries matter, links among them resolved.
    pub fn list(&mut self, directory: PathBuf) {
        self.listed.insert(directory);
    }

    /// A file or directory whose content matters, or that there is none.
    pub fn look_at(&mut self, path: PathBuf) {
        self.looked_at.insert(path);
    }

    /// A path of which it matters only what kind of thing it is.
    pub fn seek(&mut self, path: PathBuf) {
        self.sought.insert(path);
    }

    /// A path whose directories above are asked for configuration, repositories and ignore files.
    pub fn above(&mut self, path: &Path) {
        for ancestor in path.ancestors() {
            self.sought.extend(CONFIG_NAMES.iter().map(|name| ancestor.join(name)));
            self.looked_at.extend(IGNORE_NAMES.iter().map(|name| ancestor.join(name)));
            self.repository(ancestor);
        }
    }

    /// A rule's or configuration's place: a file, or a directory with all that lies in it.
    pub fn tree(&mut self, path: &Path) {
        self.looked_at.insert(path.to_owned());
        for entry in std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok) {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.tree(&entry.path()),
                _ => _ = self.looked_at.insert(entry.path()),
            }
        }
    }

    /// Adds what another part of the run saw.
    pub fn join(&mut self, other: Self) {
        self.walked.extend(other.walked);
        self.listed.extend(other.listed);
        self.looked_at.extend(other.looked_at);
        self.sought.extend(other.sought);
    }

    /// Whether a `.git` stands here, and the excludes of its repository, which for a worktree lie elsewhere.
    fn repository(&mut self, directory: &Path) {
        let git = directory.join(".git");
        self.sought.insert(git.clone());
        if git.is_dir() {
            self.looked_at.insert(git.join("info/exclude"));
            return;
        }
        let Ok(text) = std::fs::read_to_string(&git) else { return };
        let own = text.strip_prefix("gitdir:").map(|own| directory.join(own.trim()));
        if let Some(own) = own {
            let pointer = own.join("commondir");
            let common = std::fs::read_to_string(&pointer).map_or_else(|_| own.clone(), |common| own.join(common.trim()));
            self.looked_at.extend([git, pointer, common.join("info/exclude"), own.join("info/exclude")]);
        }
    }

    /// How it all stands now; `None` where that cannot be told from times, or where any of it changed since shortly before `start`, so that
    /// it may have been another while the run looked. What lies below one of `own` is the run's own.
    pub fn stamps(mut self, start: SystemTime, own: &[PathBuf]) -> Option<Stamps> {
        for directory in std::mem::take(&mut self.walked) {
            let there = IGNORE_NAMES.iter().map(|name| directory.join(name)).filter(|path| path.symlink_metadata().is_ok());
            self.looked_at.extend(there);
            if directory.join(".git").symlink_metadata().is_ok() {
                self.repository(&directory);
            }
            self.looked_at.insert(directory);
        }
        for directory in std::mem::take(&mut self.listed) {
            let entries = std::fs::read_dir(&directory).into_iter().flatten().filter_map(Result::ok);
            let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink())).map(|entry| entry.path());
            self.sought.extend(links);
            self.looked_at.insert(directory);
        }
        let before = start.checked_sub(GRANULARITY)?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let before = i64::try_from(before.as_nanos()).ok()?;
        let foreign = |path: &PathBuf| !own.iter().any(|own| path.starts_with(own));
        let mut stamps = vec![];
        for path in self.looked_at.into_iter().filter(foreign) {
            let stamp = Stamp::of(&path)?;
            if stamp.changed >= before {
                return None;
            }
            stamps.push((path, stamp));
        }
        for path in self.sought.into_iter().filter(foreign) {
            let stamp = Stamp::of(&path)?.kind_only();
            stamps.push((path, stamp));
        }
        stamps.sort();
        stamps.dedup();
        Some(Stamps(stamps))
    }
}

/// How one path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stamp {
    kind: Kind,
    /// Nanoseconds since 1970 of the last change of content, owner or mode; nobody can set it.
    changed: i64,
    modified: i64,
    device: u64,
    inode: u64,
    size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Kind {
    Absent,
    File,
    Directory,
    Other,
}

impl Stamp {
    /// Links are followed. `None` where a system has no inodes and times of change.
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let Ok(metadata) = path.metadata() else {
            // A link that leads nowhere is something, though nothing that can be read.
            let kind = if path.is_symlink() { Kind::Other } else { Kind::Absent };
            return Some(Self { kind, changed: 0, modified: 0, device: 0, inode: 0, size: 0 });
        };
        let kind = match metadata.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Directory,
            _ => Kind::Other,
        };
        Some(Self {
            kind,
            changed: metadata.ctime().checked_mul(1_000_000_000)?.checked_add(metadata.ctime_nsec())?,
            modified: metadata.mtime().checked_mul(1_000_000_000)?.checked_add(metadata.mtime_nsec())?,
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
        })
    }

    #[cfg(not(unix))]
    fn of(_: &Path) -> Option<Self> {
        None
    }

    /// `device` marks it: no stamp of an object has this one.
    const fn kind_only(self) -> Self {
        Self { kind: self.kind, changed: 0, modified: 0, device: u64::MAX, inode: 0, size: 0 }
    }

    fn holds(&self, path: &Path) -> bool {
        Self::of(path).is_some_and(|now| if self.device == u64::MAX { now.kind == self.kind } else { now == *self })
    }
}

/// How everything that a run looked at stood, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamps(Vec<(PathBuf, Stamp)>);

impl Stamps {
    /// Whether the content of this path matters.
    pub fn are_about(&self, path: &Path) -> bool {
        self.0.iter().any(|(known, stamp)| known == path && stamp.device != u64::MAX)
    }

    /// Whether all of it stands as it did.
    pub fn hold(&self) -> bool {
        self.on_all_cores(|part| part.iter().all(|(path, stamp)| stamp.holds(path))).into_iter().all(|holds| holds)
    }

    /// What stands otherwise, each with whether it was a directory.
    pub fn moved(&self) -> Vec<(PathBuf, bool)> {
        let moved = |part: &[(PathBuf, Stamp)]| {
            let moved = part.iter().filter(|(path, stamp)| !stamp.holds(path));
            moved.map(|(path, stamp)| (path.clone(), stamp.kind == Kind::Directory)).collect::<Vec<_>>()
        };
        self.on_all_cores(moved).into_iter().flatten().collect()
    }

    fn on_all_cores<T: Send>(&self, ask: impl Fn(&[(PathBuf, Stamp)]) -> T + Sync) -> Vec<T> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut parts = self.0.chunks(self.0.len().div_ceil(threads).max(512));
        let mine = parts.next().unwrap_or_default();
        let ask = &ask;
        std::thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(move || ask(part))).collect();
            let here = ask(mine);
            let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            std::iter::once(here).chain(others).collect()
        })
    }

    /// As bytes: a path says how much it shares with the one before.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![];
        let mut last: &[u8] = &[];
        for (path, stamp) in &self.0 {
            let path = path.as_os_str().as_encoded_bytes();
            let shared = path.iter().zip(last).take_while(|(a, b)| a == b).count();
            bytes.extend((shared as u32).to_le_bytes());
            bytes.extend(((path.len() - shared) as u32).to_le_bytes());
            bytes.extend(&path[shared..]);
            bytes.push(stamp.kind as u8);
            for number in [stamp.changed.cast_unsigned(), stamp.modified.cast_unsigned(), stamp.device, stamp.inode, stamp.size] {
                bytes.extend(number.to_le_bytes());
            }
            last = path;
        }
        bytes
    }

    /// From [`Self::to_bytes`]; `None` for anything else.
    #[cfg(unix)]
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        use std::os::unix::ffi::OsStringExt;
        let mut stamps = vec![];
        let mut last: Vec<u8> = vec![];
        while !bytes.is_empty() {
            let shared = u32::from_le_bytes(take(&mut bytes)?) as usize;
            let own = u32::from_le_bytes(take(&mut bytes)?) as usize;
            last.truncate(shared);
            last.extend(bytes.split_off(..own)?);
            let kind = [Kind::Absent, Kind::File, Kind::Directory, Kind::Other].into_iter().nth(usize::from(*bytes.split_off_first()?))?;
            let mut number = || take(&mut bytes).map(u64::from_le_bytes);
            let (changed, modified, device, inode, size) = (number()?, number()?, number()?, number()?, number()?);
            let stamp = Stamp { kind, changed: changed.cast_signed(), modified: modified.cast_signed(), device, inode, size };
            stamps.push((std::ffi::OsString::from_vec(last.clone()).into(), stamp));
        }
        Some(Self(stamps))
    }

    /// No system without inodes writes any.
    #[cfg(not(unix))]
    pub fn from_bytes(_: &[u8]) -> Option<Self> {
        None
    }
}

#[cfg(unix)]
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    bytes.split_off(..N)?.try_into().ok()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn later() -> SystemTime {
        SystemTime::now() + Duration::from_mins(1)
    }

    fn project() -> (tempfile::TempDir, Seen) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::fs::write(folder.path().join("a/f"), "1").unwrap();
        std::fs::write(folder.path().join("a/.ignore"), "x").unwrap();
        let mut seen = Seen::default();
        seen.walk(folder.path().join("a"));
        seen.look_at(folder.path().join("a/f"));
        seen.look_at(folder.path().join("gone"));
        seen.seek(folder.path().join("a/b"));
        (folder, seen)
    }

    #[test]
    fn any_change_is_noticed() {
        let (folder, seen) = project();
        let at = |path: &str| folder.path().join(path);
        let stamps = seen.clone().stamps(later(), &[]).unwrap();
        assert!(stamps.hold());
        assert_eq!(Stamps::from_bytes(&stamps.to_bytes()), Some(stamps.clone()));
        std::fs::write(at("a/b/inside"), "of no interest").unwrap();
        assert!(stamps.hold());
        let changes: [&dyn Fn(); 5] = [
            &|| std::fs::write(at("a/f"), "2").unwrap(),
            &|| std::fs::write(at("a/.ignore"), "y").unwrap(),
            &|| std::fs::write(at("a/new"), "").unwrap(),
            &|| std::fs::write(at("gone"), "back").unwrap(),
            &|| std::fs::rename(at("a/b"), at("a/c")).unwrap(),
        ];
        for (index, change) in changes.iter().enumerate() {
            // Times move in steps of up to ten milliseconds.
            std::thread::sleep(Duration::from_millis(20));
            let stamps = seen.clone().stamps(later(), &[]).unwrap();
            std::thread::sleep(Duration::from_millis(20));
            change();
            assert!(!stamps.hold(), "change {index}");
        }
    }

    #[test]
    fn what_changed_just_now_is_not_kept() {
        let (folder, seen) = project();
        assert!(seen.clone().stamps(SystemTime::now(), &[]).is_none());
        assert_eq!(seen.stamps(SystemTime::now(), &[folder.path().to_owned()]).unwrap(), Stamps(vec![]), "but for what is the run's own");
    }

    #[test]
    fn damaged_bytes_are_no_stamps() {
        let (_folder, seen) = project();
        let bytes = seen.stamps(later(), &[]).unwrap().to_bytes();
        assert!((1..bytes.len()).filter(|cut| Stamps::from_bytes(&bytes[..*cut]).is_some()).count() <= 5, "whole entries only");
        assert_eq!(Stamps::from_bytes(&[255; 40]), None);
    }
}
