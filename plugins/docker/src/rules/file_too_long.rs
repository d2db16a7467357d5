use crate::options::FileTooLong;
use plimsoll_sdk::docker::{Dockerfile, Report};

pub fn check(file: Dockerfile, options: &FileTooLong, report: &mut Report) {
    let lines = file.node().doc().source_text(0).lines().count();
    if f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) > options.lines {
        report.at(file.stages().first().from()).message(format!("the file has {lines} lines, more than {}", options.lines));
    }
}
