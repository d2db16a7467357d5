//! Every rule's examples fire where they say and nowhere else.

#[path = "../../examples.rs"]
mod examples;

use plimsoll_document::KeyTable;

#[test]
fn every_example_goes_as_it_says() {
    examples::run(&plimsoll_plugin_compose::PLUGIN, |project| {
        let keys = KeyTable::new();
        let bases =
            project.0.files.iter().filter(|file| {
                plimsoll_compose::looks_like_name(own_name(&file.name)) && !plimsoll_compose::is_override(own_name(&file.name))
            });
        let parsed = bases.map(|file| plimsoll_compose::parse(&plimsoll_compose::Input { path: &file.name, keys: &keys, files: project }));
        parsed.map(|parsed| parsed.document).collect()
    });
}

fn own_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
