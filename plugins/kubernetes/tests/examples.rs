//! Every rule's examples fire where they say and nowhere else.

#[path = "../../examples.rs"]
mod examples;

use plimsoll_document::KeyTable;

#[test]
fn every_example_goes_as_it_says() {
    examples::run(&plimsoll_plugin_kubernetes::PLUGIN, |project| {
        let keys = KeyTable::new();
        let inputs = project.0.files.iter().map(|file| plimsoll_kubernetes::Input { path: &file.name, text: &file.text, keys: &keys });
        inputs.flat_map(|input| plimsoll_kubernetes::parse(&input).objects).collect()
    });
}
