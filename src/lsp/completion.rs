//! `textDocument/completion`: rule ids in waivers and in configuration files.

use crate::answer::Snapshot;
use crate::hover::describe;
use crate::mention::is_configuration;
use crate::protocol::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionParams, Documentation, MarkupContent, MarkupKind,
    TextEdit,
};
use plimsoll_finding::RuleMeta;

/// Selectors for many rules, with what they name.
const SELECTORS: [(&str, &str); 8] = [
    ("ALL", "every rule"),
    ("profile:recommended", "the rules that are on by default"),
    ("profile:strict", "the recommended rules and stricter ones"),
    ("profile:all", "every rule"),
    ("docker", "the rules for Dockerfiles"),
    ("compose", "the rules for Compose projects"),
    ("kubernetes", "the rules for Kubernetes objects"),
    ("terraform", "the rules for Terraform modules"),
];

pub(crate) fn answer(snapshot: &Snapshot, params: CompletionParams) -> Option<CompletionList> {
    let (client, document) = (&snapshot.client, &snapshot.document);
    let offset = document.offset(params.text_document_position_params.position, client.encoding);
    let (start, _) = document.lines.line_at(&document.text, offset);
    let before = document.text.get(start as usize..offset as usize)?;
    let configuration = is_configuration(&snapshot.path);
    let typed = if configuration { in_configuration(&document.text, start, before)? } else { in_waiver(before)? };
    let range = document.range(offset - typed.len() as u32, offset, client.encoding);
    let rules = snapshot.rules.as_ref()?;
    let item = |label: &str, detail: &str, rule: Option<&RuleMeta>| CompletionItem {
        label: label.to_owned(),
        kind: Some(if rule.is_some() { CompletionItemKind::Value } else { CompletionItemKind::Keyword }),
        detail: Some(detail.to_owned()),
        documentation: rule.map(describe).map(|page| {
            if client.markdown {
                Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: page })
            } else {
                Documentation::String(page)
            }
        }),
        text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text: label.to_owned() })),
        ..CompletionItem::default()
    };
    // A file's own findings first: those are what somebody waives.
    let flagged = |rule: &RuleMeta| snapshot.report.findings.iter().any(|finding| *finding.rule == *rule.id);
    let target = snapshot.report.findings.iter().find_map(|finding| finding.rule.split_once('/')).map(|(target, _)| target.to_owned());
    let mut items: Vec<CompletionItem> = rules
        .all()
        .iter()
        .map(|rule| {
            let near = target.as_ref().is_none_or(|target| *target == rule.target);
            let order = if flagged(rule) {
                0
            } else if near {
                1
            } else {
                2
            };
            CompletionItem { sort_text: Some(format!("{order}{}", rule.id)), ..item(&rule.id, &rule.title, Some(rule)) }
        })
        .collect();
    if configuration {
        items.extend(SELECTORS.iter().map(|(selector, names)| item(selector, names, None)));
    }
    Some(CompletionList { items, is_incomplete: false, ..CompletionList::default() })
}

/// What was typed of a rule between a waiver's brackets.
fn in_waiver(before: &str) -> Option<&str> {
    let waiver = &before[before.find("plimsoll:").map(|at| at + "plimsoll:".len()).or_else(|| annotation(before))?..];
    let inside = &waiver[waiver.rfind('[')? + 1..];
    if inside.contains(']') || !waiver.trim_start().starts_with("ignore") {
        return None;
    }
    Some(inside.rsplit(',').next().unwrap_or(inside).trim_start())
}

/// A line of the annotation `plimsoll.dev/ignore`, whose key may stand on a line above.
fn annotation(before: &str) -> Option<usize> {
    let at = before.find("plimsoll.dev/ignore:").map_or(0, |at| at + "plimsoll.dev/ignore:".len());
    let rest = before[at..].trim_start_matches(['"', '\'', ' ', '|', '-']);
    rest.starts_with("ignore").then(|| before.len() - rest.len())
}

/// Keys whose strings name rules.
const NAMING: [&str; 5] = ["select", "extend-select", "ignore", "rules", "severity"];

/// What was typed of a rule in a string of a configuration file that names one.
fn in_configuration<'t>(text: &'t str, start: u32, before: &'t str) -> Option<&'t str> {
    let quotes = before.matches('"').count();
    if quotes.is_multiple_of(2) {
        return None;
    }
    let typed = &before[before.rfind('"')? + 1..];
    if before.trim_start().starts_with('[') && before.contains("rules.") {
        return Some(typed);
    }
    // The key may stand on a line above, where a list is written over many.
    let above = text.get(..start as usize)?;
    let line = std::iter::once(before).chain(above.lines().rev().take(200));
    for line in line {
        let line = line.trim_start();
        if let Some((key, _)) = line.split_once('=')
            && !key.contains('"')
        {
            return NAMING.contains(&key.trim()).then_some(typed);
        }
        if let Some(table) = line.strip_prefix('[') {
            return table.trim_end().trim_end_matches(']').ends_with("severity").then_some(typed);
        }
    }
    None
}
