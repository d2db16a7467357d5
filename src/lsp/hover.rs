//! `textDocument/hover`: the page of a rule, on what it flags and wherever it is named.

use crate::answer::Snapshot;
use crate::diagnostic::page;
use crate::mention;
use crate::protocol::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};
use plimsoll_finding::{Finding, RuleMeta, State};

/// Rules that a selector for many is spelled out in.
const LISTED: usize = 20;

pub(crate) fn answer(snapshot: &Snapshot, params: HoverParams) -> Option<Hover> {
    let encoding = snapshot.client.encoding;
    let document = &snapshot.document;
    let offset = document.offset(params.text_document_position_params.position, encoding);
    let rules = snapshot.rules.as_ref()?;
    let named = mention::at(&snapshot.path, document, offset).and_then(|(selector, bytes)| {
        let mut named = rules.named(&selector);
        if named.is_empty() {
            // `CKV_DOCKER_8:why`.
            named = rules.named(selector.split(':').next().unwrap_or_default());
        }
        (!named.is_empty()).then(|| (list(&selector, &named), bytes))
    });
    let (text, (start, end)) = named.or_else(|| {
        let on = |finding: &&Finding| finding.at.range.start.offset <= offset && offset <= finding.at.range.end.offset;
        let mut findings: Vec<&Finding> = snapshot.report.findings.iter().chain(&snapshot.report.waived).filter(on).collect();
        // The narrowest first: what the cursor is most plainly on.
        findings.sort_by_key(|finding| finding.at.range.end.offset - finding.at.range.start.offset);
        let first = *findings.first()?;
        let bytes = (first.at.range.start.offset, first.at.range.end.offset);
        let pages = findings.iter().map(|finding| {
            let rule = rules.rule(&finding.rule).map(|rule| describe(&rule)).unwrap_or_default();
            format!("{}{}\n\n{rule}", finding.message, standing(finding))
        });
        Some((pages.collect::<Vec<_>>().join("\n\n---\n\n"), bytes))
    })?;
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: text }),
        range: Some(document.range(start, end, encoding)),
    })
}

fn list(selector: &str, rules: &[RuleMeta]) -> String {
    match rules {
        [] => String::new(),
        [_] | [_, _] | [_, _, _] => rules.iter().map(describe).collect::<Vec<_>>().join("\n\n---\n\n"),
        many => {
            let shown = many.iter().take(LISTED).map(|rule| format!("- [{}]({}): {}\n", rule.id, page(&rule.id), rule.title));
            let rest = many.len().saturating_sub(LISTED);
            let rest = if rest > 0 { format!("- and {rest} more\n") } else { String::new() };
            format!("`{selector}` names {} rules\n\n{}{rest}", many.len(), shown.collect::<String>())
        }
    }
}

/// A rule's page.
pub(crate) fn describe(rule: &RuleMeta) -> String {
    let fix = match rule.fix {
        None => "no fix",
        Some(plimsoll_finding::Applicability::Safe) => "safe fix",
        Some(plimsoll_finding::Applicability::Unsafe) => "unsafe fix",
    };
    let mut out = format!("**[{}]({})**: {}\n\n", rule.id, page(&rule.id), rule.title);
    out.push_str(&format!("{} · {} · {fix}\n\n{}", rule.severity, rule.profile.name(), rule.doc.trim()));
    for (title, list) in [("Same as", &rule.aliases), ("Near", &rule.related), ("Controls", &rule.controls)] {
        if !list.is_empty() {
            out.push_str(&format!("\n\n{title}: {}", list.join(", ")));
        }
    }
    out
}

/// Who waived a finding, and until when.
fn standing(finding: &Finding) -> String {
    let State::Waived(waived) = &finding.state else { return String::new() };
    let mut out = format!("\n\n*Waived by {}*", waived.by);
    let parts = [("reason", &waived.reason), ("owner", &waived.owner), ("until", &waived.until), ("ticket", &waived.ticket)];
    for (name, value) in parts.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))) {
        out.push_str(&format!("; {name}: {value}"));
    }
    out
}
