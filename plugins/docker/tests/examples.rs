//! Every rule's examples fire where they say and nowhere else, judged in this process. What fixes do is tested where fixes are applied.

use plimsoll_document::{Document, KeyTable};
use plimsoll_plugin_docker::PLUGIN;
use plimsoll_rulebook::{Example, Rulebook, examples};
use std::path::Path;
use std::sync::Arc;

struct Project<'e>(&'e Example);

impl plimsoll_formats::Files for Project<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, plimsoll_formats::ReadError> {
        let file = self.0.files.iter().find(|file| file.name == path).ok_or(plimsoll_formats::ReadError::Missing)?;
        Ok(Arc::from(file.text.as_bytes()))
    }

    fn list(&self, directory: &str) -> Option<Vec<plimsoll_formats::Entry>> {
        let root = matches!(directory, "" | ".");
        root.then(|| self.0.files.iter().map(|file| plimsoll_formats::Entry { name: file.name.clone(), directory: false }).collect())
    }
}

fn parse(example: &Example, name: &str, text: &str) -> Document {
    let (keys, files) = (KeyTable::new(), Project(example));
    let input = plimsoll_dockerfile::Input { path: name, text, context: None, shipped: &[], args: &[], keys: &keys, files: &files };
    plimsoll_dockerfile::parse(&input).document
}

#[test]
fn every_example_goes_as_it_says() {
    let book = Rulebook::load_namespace(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/docker"), Some("docker"));
    assert_eq!(book.errors, []);
    assert!(!book.rules.is_empty(), "there are rules");
    let mut failures = String::new();
    for rule in &book.rules {
        let number = PLUGIN.rules.iter().position(|known| known.id == rule.meta.id).expect("the registry holds every rule") as u32;
        for failure in examples::judge_examples(rule, |example, _| {
            let settings = examples::settings(example)?;
            let mut judged = examples::Judged::default();
            for file in example.files.iter().filter(|file| plimsoll_dockerfile::looks_like(&file.name)) {
                let document = parse(example, &file.name, &file.text);
                let findings = plimsoll_sdk::run_natively(&PLUGIN, &[&document], &[number], &settings);
                for finding in findings.map_err(|problems| format!("{problems:?}"))? {
                    let source = &document.sources[finding.at.span.source as usize];
                    let line = document.doc().source_text(finding.at.span.source)[..finding.at.span.start as usize].matches('\n').count();
                    judged.findings.push((source.uri.clone(), line as u32 + 1, finding.message));
                }
            }
            Ok(judged)
        }) {
            failures += &failure.to_string();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
