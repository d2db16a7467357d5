use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{ImageRef, Instruction, Report, Stage};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(from) = copy.flags().from().known() else { return };
    let flattens = stage_of(copy).and_then(images::base).is_none_or(images::is_scratch);
    let whole = copy.sources().any(|source| matches!(source, "/" | "/." | "/*")).is_true();
    if !whole || flattens {
        return;
    }
    let laid_over = match copy.facts().copies().known() {
        Some(stage) => !works(stage) && images::base(stage).is_some_and(is_of_others),
        None => is_namespaced(from),
    };
    if !laid_over {
        report.at(copy).message(format!("every file of `{from}` is copied"));
    }
}

/// Whether the stage does something of its own.
fn works(stage: Stage<'_>) -> bool {
    stage.facts().parent().exists().is_true() || ["RUN", "COPY", "ADD"].iter().any(|keyword| stage.each(keyword).next().is_some())
}

/// Whether an image is neither a distribution nor a language: one of a namespace, which may be made to be laid over others.
fn is_of_others(image: ImageRef<'_>) -> bool {
    image.reference().holds(is_namespaced).is_true()
}

fn is_namespaced(reference: &str) -> bool {
    let short = ["docker.io/library/", "docker.io/"].iter().find_map(|prefix| reference.strip_prefix(prefix)).unwrap_or(reference);
    short.contains('/')
}
