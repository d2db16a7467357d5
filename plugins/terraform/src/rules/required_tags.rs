use crate::module::is_part_or_sample;
use crate::options::RequiredTags;
use crate::tagged::{is_taggable, normalised};
use plimsoll_sdk::document::Flags;
use plimsoll_sdk::terraform::{Dyn, Kind, Module, Report, Resource, State, Truth, View};

pub fn check(resource: Resource, options: &RequiredTags, report: &mut Report) {
    let module = Module::from_node(resource.node().doc().root());
    // A module that others call has its providers from them, and their default tags too.
    if !is_taggable(resource) || (resource.facts().provider_config().is_absent() && is_part_or_sample(module)) {
        return;
    }
    let tags = resource.facts().tags();
    let has = |wanted: &String| match tags.read() {
        State::Absent => Truth::False,
        State::Unknown => Truth::Unknown,
        State::Known(tags) => has_tag(tags, wanted),
    };
    let missing: Vec<_> = options.tags.iter().filter(|wanted| has(wanted).is_false()).map(|tag| format!("`{tag}`")).collect();
    if !missing.is_empty() {
        let written = ["tags", "labels"].into_iter().find_map(|name| resource.attr(name).node());
        let place = written.unwrap_or_else(|| resource.node());
        report.at(place).message(format!(
            "`{}` lacks {} {}",
            resource.label(),
            if missing.len() == 1 { "the tag" } else { "the tags" },
            missing.join(" and ")
        ));
    }
}

/// Whether a tag of this name is there, whatever its value.
fn has_tag(tags: Dyn, wanted: &str) -> Truth {
    let wanted = normalised(wanted);
    let found = tags.entries().entries().any(|entry| normalised(entry.key()) == wanted);
    let hidden = tags.kind() != Kind::Map || tags.node().flags().has(Flags::OPEN);
    if !found && hidden { Truth::Unknown } else { found.into() }
}
