//! Reading a configuration file and those it extends.

use crate::config::Config;
use crate::layer::Layer;
use crate::read::{Reader, file_origin};
use crate::{Origin, Problem, toml};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest configuration file. A scanned repository's own must not exhaust memory.
const MAX_SIZE: u64 = 1024 * 1024;
/// Files that one configuration may be made of.
const MAX_FILES: usize = 64;

/// Reads `file` and what it extends, lowest layer first. Extended files are named relative to the file that names them and stay, links
/// resolved, inside `root` (or, for a `--config` from elsewhere, inside that file's folder). Never fails: what is wrong is in
/// [`Config::problems`].
pub fn load(file: &Path, root: &Path) -> Config {
    load_over(file, root, &|_| None)
}

/// As [`load`], with an editor's unsaved text in place of a file's.
pub fn load_over(file: &Path, root: &Path, unsaved: Unsaved<'_>) -> Config {
    let mut loader = Loader { unsaved, fence: PathBuf::new(), layers: Vec::new(), problems: Vec::new(), open: Vec::new(), read: 0 };
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let resolved = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    loader.fence = if resolved.starts_with(&root) { root } else { resolved.parent().unwrap_or(&root).to_owned() };
    loader.file(file, &resolved, &Origin::Default);
    Config { layers: loader.layers, problems: loader.problems, lock: None }
}

/// An editor's unsaved text of a file, by absolute path.
type Unsaved<'a> = &'a dyn Fn(&Path) -> Option<Arc<[u8]>>;

struct Loader<'a> {
    unsaved: Unsaved<'a>,
    fence: PathBuf,
    layers: Vec<Layer>,
    problems: Vec<Problem>,
    open: Vec<PathBuf>,
    read: usize,
}

impl Loader<'_> {
    fn file(&mut self, path: &Path, resolved: &Path, named_at: &Origin) {
        let name: Arc<Path> = Arc::from(path);
        self.read += 1;
        if self.read > MAX_FILES {
            return self.problems.push(Problem::error(named_at, format!("a configuration cannot be made of more than {MAX_FILES} files")));
        }
        let unsaved = (self.unsaved)(path).or_else(|| (self.unsaved)(resolved));
        let read = unsaved.map_or_else(|| read(resolved), |text| Ok(String::from_utf8_lossy(&text).into_owned()));
        let text = match read {
            Ok(text) => text,
            Err(cause) => {
                let (origin, what) =
                    if *named_at == Origin::Default { (file_origin(&name), "it") } else { (named_at.clone(), "the extended file") };
                return self.problems.push(Problem::error(&origin, format!("cannot read {what}: {cause}")));
            }
        };
        let node = match toml::parse(&name, &text) {
            Ok(node) => node,
            Err(problem) => return self.problems.push(problem),
        };
        let folder = resolved.parent().unwrap_or(&self.fence);
        let base = folder.strip_prefix(&self.fence).ok().and_then(Path::to_str).unwrap_or_default().replace('\\', "/");
        let mut reader = Reader { base: &base, problems: Vec::new(), extends: Vec::new() };
        let mut layer = reader.layer(&node);
        layer.origin = file_origin(&name);
        let Reader { problems, extends, .. } = reader;
        self.problems.extend(problems);
        self.open.push(resolved.to_owned());
        for extended in extends {
            self.extend(path, &extended.value, &extended.origin);
        }
        self.open.pop();
        self.layers.push(layer);
    }

    fn extend(&mut self, from: &Path, named: &str, origin: &Origin) {
        let path = from.parent().unwrap_or(Path::new("")).join(named);
        let resolved = match path.canonicalize() {
            Ok(resolved) => resolved,
            Err(error) => return self.problems.push(Problem::error(origin, format!("cannot read `{named}`: {error}"))),
        };
        if !resolved.starts_with(&self.fence) {
            return self.problems.push(Problem::error(origin, format!("`{named}` leads outside the project")));
        }
        if self.open.contains(&resolved) {
            return self.problems.push(Problem::error(origin, format!("`{named}` extends itself in a circle")));
        }
        self.file(&path, &resolved, origin);
    }
}

fn read(path: &Path) -> Result<String, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".into());
    }
    if metadata.len() > MAX_SIZE {
        return Err(format!("larger than {MAX_SIZE} bytes"));
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}
