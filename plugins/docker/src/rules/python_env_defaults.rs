use crate::images;
use plimsoll_sdk::docker::{Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let python = images::base(stage).is_some_and(|base| base.registry().is_absent() && base.repository().is("python").is_true());
    if !python || !stage.is_shipped() || stage.instructions().is_open() {
        return;
    }
    let sets = |stage: Stage| {
        stage.each("ENV").flat_map(|env| env.pairs().iter()).any(|pair| pair.key().is_any(&["PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"]).is_true())
    };
    if !core::iter::once(stage).chain(stage.facts().parents().iter()).any(sets) {
        let draft = report.at(stage.from()).message("Python runs with buffered output, and writes bytecode that nobody reads");
        if let Some(from) = stage.from().known() {
            draft.fix(Fix::safe("set both").insert_after(from, "ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1"));
        }
    }
}
