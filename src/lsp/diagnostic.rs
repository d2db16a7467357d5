//! Findings and notices as the protocol's diagnostics.

use crate::client::Client;
use crate::document::Text;
use crate::edit::workspace_edit;
use crate::protocol::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, Uri, WorkspaceEdit, value,
};
use plimsoll_engine::FileReport;
use plimsoll_finding::{Applicability, Finding, Location as Place, Notice, NoticeKind, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

/// What stands in every diagnostic's `source`.
pub(crate) const SOURCE: &str = "plimsoll";
const RULES: &str = "https://plimsoll.dev/rules";

/// Rules that point at what has no effect; those of others end in `-unused`.
const UNNECESSARY: [&str; 6] = [
    "plimsoll/waiver-unused",
    "docker/cmd-multiple",
    "docker/entrypoint-multiple",
    "docker/healthcheck-multiple",
    "docker/run-pointless-command",
    "kubernetes/duplicate-env",
];

/// What a diagnostic carries, so that a client can mend it without asking for another judgement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Data {
    /// Version of the document that the edits are for.
    pub(crate) version: Option<i32>,
    pub(crate) fixes: Vec<ReadyFix>,
}

/// A fix that may be applied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReadyFix {
    pub(crate) title: String,
    pub(crate) applicability: String,
    pub(crate) edit: WorkspaceEdit,
}

/// The address of a rule's page.
pub(crate) fn page(rule: &str) -> String {
    format!("{RULES}/{rule}")
}

/// Everything there is to say about a file, in order of place. `texts` gives other files' texts.
pub(crate) fn diagnostics(
    client: &Client,
    path: &Path,
    text: &Text,
    report: &FileReport,
    texts: &dyn Fn(&Path) -> Text,
) -> Vec<Diagnostic> {
    let texts = |other: &Path| if other == path { text.clone() } else { texts(other) };
    let mut plugins = BTreeSet::new();
    let notices = report.notices.iter().filter(|notice| {
        // However many of its rules fail, a plugin in trouble is one thing to know.
        let plugin = Some(notice).filter(|notice| notice.incomplete && matches!(notice.kind, NoticeKind::Plugin | NoticeKind::Limit));
        plugin.and_then(|notice| plugin_of(&notice.message)).is_none_or(|plugin| plugins.insert(plugin))
    });
    let mut all: Vec<Diagnostic> = notices.map(|notice| of_notice(client, text, notice)).collect();
    all.extend(report.findings.iter().map(|finding| of_finding(client, text, finding, &texts)));
    all.sort_by_key(|diagnostic| (diagnostic.range.start, diagnostic.range.end));
    all
}

/// Diagnostics as they are sent.
pub(crate) fn values(diagnostics: Vec<Diagnostic>) -> Vec<Value> {
    let told = |mut diagnostic: Diagnostic| {
        // It is as it will be sent, and most of the whole.
        let data = diagnostic.data.take();
        let mut told = value(diagnostic);
        if let (Value::Object(told), Some(data)) = (&mut told, data) {
            told.insert("data".to_owned(), data);
        }
        told
    };
    diagnostics.into_iter().map(told).collect()
}

/// A number that stands for diagnostics as they are sent.
pub(crate) fn digest(diagnostics: &[Value]) -> u64 {
    struct Into(DefaultHasher);
    impl std::io::Write for Into {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.write(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut into = std::io::BufWriter::new(Into(DefaultHasher::new()));
    // A hasher refuses nothing.
    _ = serde_json::to_writer(&mut into, diagnostics);
    into.into_inner().map(|into| into.0.finish()).unwrap_or_default()
}

fn plugin_of(message: &str) -> Option<&str> {
    message.split_once("plugin `")?.1.split_once('`').map(|(name, _)| name)
}

/// The diagnostic of a finding.
pub(crate) fn of_finding(client: &Client, text: &Text, finding: &Finding, texts: &dyn Fn(&Path) -> Text) -> Diagnostic {
    let related = finding.related.iter().filter(|_| client.related_information).map(|related| {
        let other = texts(Path::new(&*related.at.path));
        DiagnosticRelatedInformation { location: locate(client, &other, &related.at), message: related.label.clone() }
    });
    let related: Vec<_> = related.collect();
    let fixes = finding.fixes.iter().filter(|fix| fix.trusted && fix.dropped.is_none() && !fix.edits.is_empty());
    let fixes = fixes.filter_map(|fix| {
        let applicability = if fix.applicability == Applicability::Safe { "safe" } else { "unsafe" };
        let edit = workspace_edit(client, &fix.edits, texts)?;
        Some(ReadyFix { title: fix.title.clone(), applicability: applicability.to_owned(), edit })
    });
    let data = Data { version: text.version, fixes: fixes.collect() };
    Diagnostic {
        range: range(client, text, &finding.at),
        severity: Some(match finding.severity {
            Severity::Critical | Severity::High => DiagnosticSeverity::Error,
            Severity::Medium => DiagnosticSeverity::Warning,
            Severity::Low => DiagnosticSeverity::Information,
            Severity::Info => DiagnosticSeverity::Hint,
        }),
        code: Some(Code::String(finding.rule.to_string())),
        code_description: Some(CodeDescription { href: Uri(page(&finding.rule)) }),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone().into(),
        tags: tag(&finding.rule).map(|tag| vec![tag]),
        related_information: Some(related).filter(|related| !related.is_empty()),
        data: Some(value(data)),
    }
}

fn tag(rule: &str) -> Option<DiagnosticTag> {
    if rule.ends_with("-deprecated") {
        Some(DiagnosticTag::Deprecated)
    } else if rule.ends_with("-unused") || UNNECESSARY.contains(&rule) {
        Some(DiagnosticTag::Unnecessary)
    } else {
        None
    }
}

fn of_notice(client: &Client, text: &Text, notice: &Notice) -> Diagnostic {
    let severity = match notice.kind {
        NoticeKind::Parse => DiagnosticSeverity::Error,
        NoticeKind::Config if notice.incomplete => DiagnosticSeverity::Error,
        NoticeKind::Config | NoticeKind::Io => DiagnosticSeverity::Warning,
        NoticeKind::Template | NoticeKind::Limit | NoticeKind::Plugin => DiagnosticSeverity::Information,
    };
    Diagnostic {
        range: notice.at.as_ref().map(|at| range(client, text, at)).unwrap_or_default(),
        severity: Some(severity),
        code: Some(Code::String(notice.kind.name().to_owned())),
        source: Some(SOURCE.to_owned()),
        message: notice.message.clone().into(),
        ..Diagnostic::default()
    }
}

/// The range of a place of this text.
pub(crate) fn range(client: &Client, text: &Text, at: &Place) -> crate::protocol::Range {
    text.range(at.range.start.offset, at.range.end.offset, client.encoding)
}

fn locate(client: &Client, text: &Text, at: &Place) -> Location {
    Location { uri: text.uri.clone(), range: range(client, text, at) }
}
