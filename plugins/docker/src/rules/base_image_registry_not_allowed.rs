use crate::options::BaseImageRegistryNotAllowed;
use plimsoll_sdk::docker::{Dockerfile, ImageRef, Report};

pub fn check(file: Dockerfile, options: &BaseImageRegistryNotAllowed, report: &mut Report) {
    if options.registries.is_empty() {
        return;
    }
    let allowed = |registry: &str| options.registries.iter().any(|pattern| fits(pattern, registry));
    for stage in file.stages() {
        let from = stage.from();
        if let Some(registry) = from.image().known().and_then(registry).filter(|registry| !allowed(registry)) {
            report.at(from).message(format!("the base image comes from `{registry}`, which is not allowed"));
        }
        for instruction in stage.instructions() {
            if let Some(registry) = instruction.facts().from_image().known().and_then(registry).filter(|registry| !allowed(registry)) {
                report.at(instruction).message(format!("files are copied from an image of `{registry}`, which is not allowed"));
            }
            for mount in instruction.flags().mount().iter().filter(|mount| mount.from_stage().is_absent()) {
                if let Some(registry) = mount.from().known().map(of_reference).filter(|registry| !allowed(registry)) {
                    report.at(mount).message(format!("an image of `{registry}` is mounted, which is not allowed"));
                }
            }
        }
    }
}

fn registry<'a>(image: ImageRef<'a>) -> Option<&'a str> {
    let reference = image.reference().known()?;
    (image.stage().is_absent() && reference != "scratch").then(|| of_reference(reference))
}

/// The registry of a reference: what stands before the first slash, if it can only be a host.
fn of_reference(reference: &str) -> &str {
    let first = reference.split_once('/').map_or("", |(first, _)| first);
    if first.contains(['.', ':']) || first == "localhost" { first } else { "docker.io" }
}

fn fits(pattern: &str, registry: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        _ if pattern == "*" => true,
        (Some(end), _) => registry.ends_with(end),
        (_, Some(begin)) => registry.starts_with(begin),
        _ => pattern == registry,
    }
}
