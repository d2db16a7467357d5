use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report, View as _};

pub fn check(copy: Instruction, report: &mut Report) {
    let flags = copy.flags();
    let from_stage = !flags.from().is_absent() && flags.link().is_absent();
    let named = flags.chown().known().is_some_and(|owner| owner.contains(|c: char| c.is_ascii_alphabetic())) || flags.chown().is_unknown();
    let absolute = copy.destination().holds(|to| to.starts_with('/') && to != "/").is_true();
    if from_stage && !named && absolute && !is_old(copy) {
        report
            .at(copy)
            .message("the copied files are no layer of their own, so a new base image copies them again")
            .fix(Fix::unsafe_("add `--link`").set(copy, "/flags/link", true));
    }
}

/// Whether the file names a frontend before 1.4.
fn is_old(copy: Instruction) -> bool {
    let syntax = Dockerfile::from_node(copy.node().doc().root()).directives().syntax();
    let old = |text: &str| {
        let tag = text.rsplit('/').next().and_then(|name| name.split_once(':')).map_or("1", |(_, tag)| tag);
        let mut parts = tag.split(['.', '-']).map(str::parse::<u32>);
        matches!((parts.next(), parts.next()), (Some(Ok(0)), _) | (Some(Ok(1)), Some(Ok(0..=3))))
    };
    syntax.holds(old).is_true()
}
