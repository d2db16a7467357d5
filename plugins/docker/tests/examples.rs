//! Every rule's examples fire where they say and nowhere else.

#[path = "../../examples.rs"]
mod examples;

use plimsoll_document::KeyTable;

#[test]
fn every_example_goes_as_it_says() {
    examples::run(&plimsoll_plugin_docker::PLUGIN, |project| {
        let keys = KeyTable::new();
        let dockerfiles = project.0.files.iter().filter(|file| plimsoll_dockerfile::looks_like(&file.name));
        let parsed = dockerfiles.map(|file| {
            plimsoll_dockerfile::parse(&plimsoll_dockerfile::Input {
                path: &file.name,
                text: &file.text,
                context: None,
                shipped: &[],
                args: &[],
                keys: &keys,
                files: project,
            })
        });
        parsed.map(|parsed| parsed.document).collect()
    });
}
