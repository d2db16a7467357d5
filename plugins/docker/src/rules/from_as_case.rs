use plimsoll_sdk::docker::{Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let from = stage.from();
    let (Some(from_node), Some(keyword), Some(alias)) = (from.node(), from.keyword().node(), from.alias().node()) else { return };
    let source = from_node.source_text();
    let Some(before) = (alias.span().start.checked_sub(from_node.span().start)).and_then(|end| source.get(..end as usize)) else { return };
    let trimmed = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | '`'));
    let Some(at) = trimmed.len().checked_sub(2).filter(|at| trimmed[*at..].eq_ignore_ascii_case("as")) else { return };
    let (written, upper) = (&trimmed[at..], keyword.source_text().starts_with('F'));
    let wanted = if upper { "AS" } else { "as" };
    if written != wanted && (keyword.source_text() == "FROM" || keyword.source_text() == "from") {
        let fixed = format!("{}{wanted}{}", &source[..at], &source[at + 2..]);
        report
            .at(from_node)
            .message(format!("`{written}` stands beside `{}`", keyword.source_text()))
            .fix(Fix::safe(format!("write `{wanted}`")).set(from_node, "", fixed));
    }
}
