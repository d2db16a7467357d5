use crate::keywords::as_of;
use plimsoll_sdk::docker::{Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let Some((from, at)) = stage.from().known().and_then(|from| Some((from, as_of(from)?))) else { return };
    let Some(keyword) = from.keyword().node() else { return };
    let keyword = keyword.source_text();
    let wanted = match keyword {
        "FROM" => "AS",
        "from" => "as",
        _ => return,
    };
    let source = from.node().source_text();
    let written = &source[at..at + 2];
    if written != wanted {
        let fixed = format!("{}{wanted}{}", &source[..at], &source[at + 2..]);
        report.at(from).message(format!("`{written}` stands beside `{keyword}`")).fix(Fix::safe(format!("write `{wanted}`")).set(from, "", fixed));
    }
}
