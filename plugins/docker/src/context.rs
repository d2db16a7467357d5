//! The build context: what copies it, and what does not belong into it.

use plimsoll_sdk::docker::{Dockerfile, Instruction};

/// A kind of file that an image should not take along.
pub(crate) struct Unwanted {
    /// Pattern for the ignore file.
    pub(crate) pattern: &'static str,
    /// A name as it stands in the context, `*` for any text at its beginning or end.
    name: &'static str,
    /// Whether it holds credentials.
    pub(crate) secret: bool,
    /// A file beside it without which the name says nothing: `target` is Rust's only beside a `Cargo.toml`.
    beside: &'static [&'static str],
}

const fn secret(name: &'static str) -> Unwanted {
    Unwanted { pattern: name, name, secret: true, beside: &[] }
}

const fn ballast(name: &'static str, beside: &'static [&'static str]) -> Unwanted {
    Unwanted { pattern: name, name, secret: false, beside }
}

/// What an image should not take along, by its name at the top of the context.
pub(crate) static UNWANTED: [Unwanted; 26] = [
    secret(".env"),
    secret(".env.*"),
    secret("*.pem"),
    secret("*.key"),
    secret("*.p12"),
    secret("*.pfx"),
    secret("id_rsa*"),
    secret("id_ed25519*"),
    secret(".netrc"),
    secret(".aws"),
    secret(".ssh"),
    secret(".kube"),
    ballast(".git", &[]),
    ballast("node_modules", &[]),
    ballast("__pycache__", &[]),
    ballast(".venv", &[]),
    ballast("venv", &["requirements.txt", "pyproject.toml", "setup.py"]),
    ballast(".tox", &[]),
    ballast(".pytest_cache", &[]),
    ballast(".mypy_cache", &[]),
    ballast("target", &["Cargo.toml"]),
    ballast(".gradle", &[]),
    ballast(".terraform", &[]),
    ballast(".idea", &[]),
    ballast(".vscode", &[]),
    ballast(".DS_Store", &[]),
];
/// Examples that stand for a secret file.
const EXAMPLES: [&str; 5] = [".example", ".sample", ".template", ".dist", ".pub"];

impl Unwanted {
    /// Whether a name at the top of the context is of this kind, given what lies beside it.
    pub(crate) fn is(&self, name: &str, beside: impl Fn(&str) -> bool) -> bool {
        let fits = match (self.name.strip_prefix('*'), self.name.strip_suffix('*')) {
            (Some(end), _) => name.len() > end.len() && name.ends_with(end),
            (_, Some(begin)) => name.starts_with(begin),
            _ => name == self.name,
        };
        let example = self.secret && EXAMPLES.iter().any(|end| name.ends_with(end));
        fits && !example && (self.beside.is_empty() || self.beside.iter().any(|file| beside(file)))
    }

    /// Whether it goes into a new ignore file for a context in which these files lie.
    pub(crate) fn is_usual(&self, beside: impl Fn(&str) -> bool) -> bool {
        let usual = match self.name {
            ".env" | ".env.*" | ".git" | ".idea" | ".vscode" | ".DS_Store" => &[][..],
            "node_modules" => &["package.json"][..],
            "__pycache__" | ".venv" => &["requirements.txt", "pyproject.toml", "setup.py", "Pipfile"][..],
            "target" => &["Cargo.toml"][..],
            _ => return false,
        };
        usual.is_empty() || usual.iter().any(|file| beside(file))
    }
}

/// Whether a pattern keeps out what no image should take along, whether or not it is there today.
pub(crate) fn is_unwanted_pattern(pattern: &str) -> bool {
    let name = pattern.trim_start_matches("**/").trim_matches('/').trim_end_matches("/**").trim_end_matches("/*");
    UNWANTED.iter().any(|unwanted| unwanted.pattern == name)
}

/// Every ADD and COPY of the file, those of ONBUILD left out: they copy another build's context.
pub(crate) fn copies(file: Dockerfile<'_>) -> impl Iterator<Item = Instruction<'_>> {
    let is_copy = |instruction: &Instruction<'_>| instruction.keyword().is_any(&["COPY", "ADD"]).is_true();
    file.stages().iter().flat_map(|stage| stage.instructions().iter()).filter(is_copy)
}

/// The first instruction that copies the whole context.
pub(crate) fn copies_all(file: Dockerfile<'_>) -> Option<Instruction<'_>> {
    copies(file).find(|copy| copy.facts().whole_context().is(true).is_true())
}

/// Whether a source is fetched instead of copied: an address, or a git repository.
pub(crate) fn is_remote(source: &str) -> bool {
    ["http://", "https://", "git://", "ssh://", "git@", "ftp://"].iter().any(|begin| source.starts_with(begin))
}

/// Ends of names of archives, which ADD unpacks, or may: `.gz` may hold a tar or a single file.
const ARCHIVES: [&str; 20] = [
    ".tar", ".gz", ".tgz", ".tpz", ".bz2", ".tbz", ".tbz2", ".tb2", ".xz", ".txz", ".lz", ".tlz", ".lzma", ".tlzma", ".zst", ".tzst", ".z",
    ".tz", ".tza", ".taz",
];

/// Whether a name is that of an archive.
pub(crate) fn is_archive(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ARCHIVES.iter().any(|end| lower.ends_with(end))
}

/// Names of private keys.
const KEYS: [&str; 4] = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"];
/// Words in names of certificates and public keys, which are no secret.
const PUBLIC: [&str; 9] = ["ca", "cert", "certs", "certificate", "chain", "fullchain", "bundle", "pub", "public"];

/// Whether a file holds credentials, to judge by its path.
pub(crate) fn is_secret_file(path: &str) -> bool {
    let path = path.trim_end_matches('*');
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    if EXAMPLES.iter().any(|end| lower.ends_with(end)) || lower.contains("example") || lower.contains("sample") {
        return false;
    }
    // What tests use opens nothing.
    if path
        .split('/')
        .rev()
        .skip(1)
        .any(|part| matches!(part, "test" | "tests" | "testdata" | "fixture" | "fixtures" | "e2e" | "examples" | "mocks"))
    {
        return false;
    }
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    let words = || lower.split(['.', '-', '_']);
    KEYS.contains(&lower.as_str())
        || lower == ".env"
        || lower.starts_with(".env.")
        || matches!(lower.as_str(), ".netrc" | ".pgpass" | ".git-credentials" | ".htpasswd" | ".dockercfg" | "kubeconfig")
        || path.ends_with(".aws/credentials")
        || path.ends_with(".docker/config.json")
        || path.ends_with(".kube/config")
        || matches!(extension, "p12" | "pfx" | "jks" | "keystore" | "kdbx" | "ppk")
        || matches!(extension, "pem" | "key") && !words().any(|word| PUBLIC.contains(&word))
        || lower.ends_with(".json")
            && (lower.contains("service-account") || lower.contains("service_account") || lower == "credentials.json")
}

/// Whether a file is the settings of a tool, which often hold a token.
pub(crate) fn is_tool_setting(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".npmrc" | ".yarnrc.yml" | ".pypirc" | ".gemrc" | ".aws" | ".ssh" | ".kube" | ".gnupg")
        || path.ends_with(".m2/settings.xml")
}
