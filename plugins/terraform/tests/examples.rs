//! Every rule's examples fire where they say and nowhere else.

#[path = "../../examples.rs"]
mod examples;

use plimsoll_document::KeyTable;
use std::collections::BTreeMap;

#[test]
fn every_example_goes_as_it_says() {
    examples::run(&plimsoll_plugin_terraform::PLUGIN, |project| {
        let keys = KeyTable::new();
        let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for file in project.0.files.iter().filter(|file| plimsoll_terraform::looks_like_name(&file.name)) {
            modules.entry(file.name.rsplit_once('/').map_or("", |(directory, _)| directory)).or_default().push(file.name.clone());
        }
        let parsed = modules.into_iter().map(|(directory, mut files)| {
            files.sort();
            plimsoll_terraform::parse(plimsoll_terraform::Input { directory, files_in_module: &files, keys: &keys, files: project })
        });
        parsed.map(|parsed| parsed.document).collect()
    });
}
