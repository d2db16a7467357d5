//! `junit`: a test report, for CI systems that show nothing else. Every finding is a failed test, a waived one a skipped test.

use crate::escape::control;
use crate::mask::Masker;
use crate::report::{Printer, Report, Style, place};
use crate::timing::Worded;
use plimsoll_finding::{Finding, State};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::collections::BTreeMap;
use std::io;

pub(crate) struct Junit;

impl Printer for Junit {
    fn print(&self, report: &Report, _: &Style) -> String {
        // Writing to memory cannot fail.
        write(report).unwrap_or_default()
    }
}

enum Outcome {
    Passed,
    Failed { kind: String, message: String, text: String },
    Error { kind: String, message: String },
    Skipped(String),
}

/// A test case: name and outcome.
type Case = (String, Outcome);

fn write(report: &Report) -> io::Result<String> {
    let secrets = report.secrets();
    let suites = suites(report, &secrets);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let counts = suites.values().fold([0; 4], |sum, cases| {
        let here = counts(cases);
        std::array::from_fn(|index| sum[index] + here[index])
    });
    let seconds = Worded::Thousandths.word(report.summary.seconds);
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", "plimsoll"),
            ("tests", &counts[0].to_string()),
            ("failures", &counts[1].to_string()),
            ("errors", &counts[2].to_string()),
            ("time", &seconds),
        ])
        .write_inner_content(|writer| suites.iter().try_for_each(|(path, cases)| suite(writer, path, cases)))?;
    let body = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n"))
}

/// Cases by file, in order of path. A clean run has one test that passed: CI systems take a report without tests for a broken one.
fn suites(report: &Report, secrets: &Masker) -> BTreeMap<String, Vec<Case>> {
    let mut suites: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for finding in report.findings.iter().chain(report.waived) {
        suites.entry(xml(&finding.at.path)).or_default().push(case(finding, secrets));
    }
    for notice in report.notices.iter().filter(|notice| notice.incomplete) {
        let path = notice.at.as_ref().map_or("plimsoll", |at| &at.path);
        let name =
            notice.at.as_ref().map_or_else(|| notice.kind.name().to_owned(), |at| format!("{} at {}", notice.kind.name(), place(at)));
        let outcome = Outcome::Error { kind: notice.kind.name().to_owned(), message: xml(&secrets.mask(&notice.message)) };
        suites.entry(xml(path)).or_default().push((xml(&name), outcome));
    }
    if suites.is_empty() {
        suites.insert("plimsoll".to_owned(), vec![("nothing to report".to_owned(), Outcome::Passed)]);
    }
    suites
}

fn case(finding: &Finding, secrets: &Masker) -> Case {
    let start = finding.at.range.start;
    let name = xml(&format!("{} at line {}, column {}", finding.rule, start.line, start.column));
    let message = xml(&secrets.mask(&finding.message));
    let outcome = match &finding.state {
        State::Active => Outcome::Failed {
            text: format!("{}\n{}: {message}\n{}", xml(&place(&finding.at)), finding.severity, xml(&finding.address)),
            kind: finding.severity.to_string(),
            message,
        },
        State::Waived(waived) => {
            let parts = [
                Some(format!("waived by {}", waived.by)),
                waived.owner.as_ref().map(|owner| format!("owner {owner}")),
                waived.until.as_ref().map(|until| format!("until {until}")),
                waived.reason.clone(),
            ];
            Outcome::Skipped(xml(&secrets.mask(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))))
        }
    };
    (name, outcome)
}

/// Tests, failures, errors, skipped.
fn counts(cases: &[Case]) -> [usize; 4] {
    let count = |is: fn(&Outcome) -> bool| cases.iter().filter(|(_, outcome)| is(outcome)).count();
    [
        cases.len(),
        count(|outcome| matches!(outcome, Outcome::Failed { .. })),
        count(|outcome| matches!(outcome, Outcome::Error { .. })),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    ]
}

fn suite(writer: &mut Writer<Vec<u8>>, path: &str, cases: &[Case]) -> io::Result<()> {
    let [tests, failures, errors, skipped] = counts(cases).map(|count| count.to_string());
    writer
        .create_element("testsuite")
        .with_attributes([("name", path), ("tests", &tests), ("failures", &failures), ("errors", &errors), ("skipped", &skipped)])
        .write_inner_content(|writer| {
            cases.iter().try_for_each(|(name, outcome)| {
                let element = writer.create_element("testcase").with_attributes([("name", name.as_str()), ("classname", path)]);
                match outcome {
                    Outcome::Passed => element.write_empty()?,
                    Outcome::Failed { kind, message, text } => element.write_inner_content(|writer| {
                        let failure = writer.create_element("failure");
                        let failure = failure.with_attributes([("type", kind.as_str()), ("message", message)]);
                        failure.write_text_content(BytesText::new(text)).map(drop)
                    })?,
                    Outcome::Error { kind, message } => element.write_inner_content(|writer| {
                        writer
                            .create_element("error")
                            .with_attributes([("type", kind.as_str()), ("message", message)])
                            .write_empty()
                            .map(drop)
                    })?,
                    Outcome::Skipped(why) => element
                        .write_inner_content(|writer| writer.create_element("skipped").write_text_content(BytesText::new(why)).map(drop))?,
                };
                Ok(())
            })
        })
        .map(drop)
}

/// One line of characters that XML 1.0 can hold.
fn xml(text: &str) -> String {
    control(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
