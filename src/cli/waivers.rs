//! `plimsoll waivers`.

use super::args::{TableFormat, Terminal, Waivers};
use super::{check, terminal};
use anyhow::Context;
use plimsoll_engine::{Engine, Request};
use plimsoll_finding::{Finding, State};
use plimsoll_verdict::{Date, Ending, Listed};
use serde_json::{Value, json};

/// A waiver with what it hides.
struct Row<'o> {
    listed: &'o Listed,
    hides: Vec<&'o Finding>,
    /// Days that are left; negative once it has ended.
    left: Option<i32>,
}

pub(crate) fn run(args: &Waivers, out: &Terminal) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let request =
        Request { paths: &args.paths, organisation: check::organisation(&args.rules, &cwd)?, ..check::request(&args.rules, &cwd) };
    let outcome = Engine::new(check::cache_dir())?.check(&request);
    let hides = |listed: &Listed| -> Vec<&Finding> {
        let by = |finding: &&Finding| matches!(&finding.state, State::Waived(waived) if waived.at == listed.waived.at && waived.by == listed.waived.by);
        outcome.waived.iter().filter(by).collect()
    };
    let left = |listed: &Listed| {
        let until: Date = listed.waived.until.as_ref()?.parse().ok()?;
        request.today.until(until).ok().map(|span| span.get_days())
    };
    let mut rows: Vec<Row> = outcome.waivers.iter().map(|listed| Row { listed, hides: hides(listed), left: left(listed) }).collect();
    // What ends first is what somebody has to see to.
    rows.sort_by(|a, b| (a.left.unwrap_or(i32::MAX), &a.listed.waived.at).cmp(&(b.left.unwrap_or(i32::MAX), &b.listed.waived.at)));
    let soon = i32::from(args.soon);
    terminal::print(&match args.format {
        TableFormat::Json => format!(
            "{}\n",
            serde_json::to_string_pretty(&json!({
                "schema": "plimsoll/waivers/1",
                "waivers": rows.iter().map(|row| row.json(soon)).collect::<Vec<_>>(),
            }))?
        ),
        TableFormat::Markdown => markdown(&rows, soon),
        TableFormat::Text => text(&rows, soon),
    })?;
    check::complain(&outcome);
    let ending = check::ending_of(&outcome, true);
    let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    if !out.quiet && args.format == TableFormat::Text {
        let (expired, near) = (count(&|row| row.listed.expired), count(&|row| row.ends_soon(soon)));
        terminal::tell(&format!("{} waivers, {expired} expired, {near} end within {soon} days", rows.len()));
    }
    Ok(ending)
}

impl Row<'_> {
    fn ends_soon(&self, soon: i32) -> bool {
        !self.listed.expired && self.left.is_some_and(|left| left <= soon)
    }

    fn status(&self, soon: i32) -> &'static str {
        match () {
            () if self.listed.expired => "expired",
            () if self.ends_soon(soon) => "soon",
            () if self.hides.is_empty() => "unused",
            () => "active",
        }
    }

    fn place(&self) -> String {
        self.listed.waived.at.as_ref().map_or_else(String::new, |at| format!("{}:{}", at.path, at.range.start.line))
    }

    fn json(&self, soon: i32) -> Value {
        let waived = &self.listed.waived;
        json!({
            "by": waived.by,
            "path": waived.at.as_ref().map(|at| &*at.path),
            "line": waived.at.as_ref().map(|at| at.range.start.line),
            "rules": self.listed.rules,
            "owner": waived.owner,
            "reason": waived.reason,
            "until": waived.until,
            "ticket": waived.ticket,
            "status": self.status(soon),
            "daysLeft": self.left,
            "hides": self.hides.iter().map(|finding| json!({
                "rule": &*finding.rule,
                "severity": finding.severity,
                "path": &*finding.at.path,
                "line": finding.at.range.start.line,
                "address": finding.address,
                "fingerprint": finding.fingerprint,
            })).collect::<Vec<_>>(),
        })
    }
}

fn text(rows: &[Row], soon: i32) -> String {
    let mut out = String::new();
    for row in rows {
        let waived = &row.listed.waived;
        let until = waived.until.as_ref().map_or_else(|| "no end".to_owned(), |until| format!("until {until}"));
        let owner = waived.owner.as_deref().unwrap_or("nobody");
        let line = format!("{}: {} [{}] by {}, {until}, owner {owner}", row.place(), row.status(soon), row.listed.rules, waived.by);
        out.push_str(&format!("{}\n", plimsoll_report::control(&line)));
        if let Some(reason) = &waived.reason {
            out.push_str(&format!("  because {}\n", plimsoll_report::control(reason)));
        }
        for finding in &row.hides {
            let line = format!("{}:{}: {}[{}]", finding.at.path, finding.at.range.start.line, finding.severity, finding.rule);
            out.push_str(&format!("  hides {}\n", plimsoll_report::control(&line)));
        }
    }
    out
}

fn markdown(rows: &[Row], soon: i32) -> String {
    let mut out = String::from("| Status | Where | Rules | By | Owner | Until | Hides | Reason |\n|---|---|---|---|---|---|---:|---|\n");
    for row in rows {
        let waived = &row.listed.waived;
        let word = |text: &Option<String>| plimsoll_report::markdown_words(text.as_deref().unwrap_or("–"));
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            row.status(soon),
            plimsoll_report::markdown_code(&row.place()),
            plimsoll_report::markdown_code(&row.listed.rules),
            waived.by,
            word(&waived.owner),
            word(&waived.until),
            row.hides.len(),
            word(&waived.reason),
        ));
    }
    out
}
