//! The build fails with a clear message if a rule lacks a side.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_rulebook::codegen::{Plugin, generate};
use std::fs;

const RULE: &str = "---\ntitle: T\nseverity: low\nfor: stage\n---\nProse.\n\n## Examples\n\n### A\n```dockerfile fires=1\nFROM a\n```\n\n### B\n```dockerfile\nFROM b\n```\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(dir)
    }

    fn generate(&self) -> Result<Vec<String>, String> {
        let root = self.0.path();
        let plugin = Plugin { name: "docker".to_owned(), target: Some("docker"), rules: root.join("docker"), code: root.join("src") };
        let files = generate(&plugin).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        Ok(files.into_keys().collect())
    }
}

#[test]
fn both_sides_make_a_registry() {
    let condition = RULE.replace("for: stage", "for: stage\nrequire: self.name != 'x'\nmessage: bad");
    let files = [("docker/a-b.md", RULE), ("src/a_b.rs", ""), ("docker/c.md", &condition)];
    assert_eq!(Folder::new(&files).generate().unwrap(), ["c.condition", "registry.rs"]);
    assert_eq!(Folder::new(&[]).generate().unwrap(), ["registry.rs"], "a plugin without rules yet");
}

#[test]
fn a_missing_side_is_an_error() {
    let only_markdown = Folder::new(&[("docker/a-b.md", RULE)]).generate().unwrap_err();
    assert!(only_markdown.contains("neither a `require` condition nor a Rust file") && only_markdown.contains("a_b.rs"), "{only_markdown}");
    let only_code = Folder::new(&[("src/a_b.rs", "")]).generate().unwrap_err();
    assert!(only_code.contains("without its Markdown file") && only_code.contains("a-b.md"), "{only_code}");
    let condition = RULE.replace("for: stage", "for: stage\nrequire: self.name != 'x'\nmessage: bad");
    let both = Folder::new(&[("docker/a.md", &condition), ("src/a.rs", "")]).generate().unwrap_err();
    assert!(both.contains("remove one of them"), "{both}");
}

#[test]
fn a_broken_condition_names_its_line() {
    let broken = RULE.replace("for: stage", "for: stage\nrequire: self.nam != 'x'\nmessage: bad");
    let error = Folder::new(&[("docker/a.md", &broken)]).generate().unwrap_err();
    assert!(error.contains("a.md:5: "), "{error}");
}
