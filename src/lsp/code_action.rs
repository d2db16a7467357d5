//! `textDocument/codeAction`: fixes, waivers, and fixing everything.

use crate::answer::Snapshot;
use crate::capabilities::FIX_ALL;
use crate::code_action_resolve::{self, Later};
use crate::diagnostic::{Data, ReadyFix, of_finding};
use crate::protocol::{CodeAction, CodeActionContext, CodeActionDisabled, CodeActionKind, CodeActionParams, Diagnostic, value};
use plimsoll_finding::Finding;

pub(crate) fn answer(snapshot: &Snapshot, params: CodeActionParams) -> Vec<CodeAction> {
    let mut actions = vec![];
    let encoding = snapshot.client.encoding;
    let (start, end) = snapshot.document.bytes(params.range, encoding);
    if wants(&params.context, CodeActionKind::QuickFix.as_str()) {
        let touched = |finding: &&Finding| finding.at.range.start.offset <= end && finding.at.range.end.offset >= start;
        for finding in snapshot.report.findings.iter().filter(touched) {
            let diagnostic = of_finding(&snapshot.client, &snapshot.document, finding, &|path| snapshot.text(path));
            actions.extend(fixes(&diagnostic));
            actions.extend(untrusted(snapshot, finding, &diagnostic));
            actions.push(waiver(snapshot, finding, diagnostic));
        }
    }
    if wants(&params.context, FIX_ALL) {
        actions.extend(fix_all(snapshot));
    }
    actions
}

/// Whether the client asked for actions of this kind: of it, or of one above it.
fn wants(context: &CodeActionContext, kind: &str) -> bool {
    let below = |wanted: &CodeActionKind| {
        let wanted = wanted.as_str();
        wanted.is_empty() || kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
    };
    context.only.as_ref().is_none_or(|only| only.iter().any(below))
}

/// The fixes that a diagnostic carries. A safe one is preferred: it is what an editor applies without asking.
fn fixes(diagnostic: &Diagnostic) -> Vec<CodeAction> {
    let data: Data = diagnostic.data.clone().and_then(|data| serde_json::from_value(data).ok()).unwrap_or_default();
    let mut preferred = true;
    let action = |fix: ReadyFix| {
        let safe = fix.applicability == "safe";
        let first = std::mem::take(&mut preferred);
        CodeAction {
            title: if safe { fix.title } else { format!("{} (unsafe)", fix.title) },
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic.clone()]),
            is_preferred: Some(safe && first),
            edit: Some(fix.edit),
            ..CodeAction::default()
        }
    };
    data.fixes.into_iter().map(action).collect()
}

/// A third party's fixes are shown, and not to be had.
fn untrusted(snapshot: &Snapshot, finding: &Finding, diagnostic: &Diagnostic) -> Vec<CodeAction> {
    let fixes = finding.fixes.iter().filter(|fix| snapshot.client.disabled_actions && !fix.trusted && fix.dropped.is_none());
    fixes
        .map(|fix| CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic.clone()]),
            disabled: Some(CodeActionDisabled {
                reason: "a third party wrote this fix; start the server with --trust-fixes to apply it".to_owned(),
            }),
            ..CodeAction::default()
        })
        .collect()
}

fn waiver(snapshot: &Snapshot, finding: &Finding, diagnostic: Diagnostic) -> CodeAction {
    let later = Later::waive(snapshot, finding);
    let action = CodeAction {
        title: format!("Waive {} here, with a reason", finding.rule),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic]),
        is_preferred: Some(false),
        data: Some(value(&later)),
        ..CodeAction::default()
    };
    if snapshot.client.resolves_edits { action } else { code_action_resolve::resolve(snapshot, action, &later) }
}

fn fix_all(snapshot: &Snapshot) -> Option<CodeAction> {
    let safe = |finding: &Finding| {
        finding.fixes.iter().any(|fix| fix.trusted && fix.dropped.is_none() && fix.applicability == plimsoll_finding::Applicability::Safe)
    };
    if !snapshot.report.findings.iter().any(safe) {
        return None;
    }
    let later = Later::fix_all(snapshot);
    let action = CodeAction {
        title: "Fix everything that Plimsoll can fix safely".to_owned(),
        kind: Some(CodeActionKind::Custom(FIX_ALL.into())),
        data: Some(value(&later)),
        ..CodeAction::default()
    };
    Some(if snapshot.client.resolves_edits { action } else { code_action_resolve::resolve(snapshot, action, &later) })
}
