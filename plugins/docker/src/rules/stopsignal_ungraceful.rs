use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP",
    "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];
/// Servers and the signal on which they finish what they have begun.
const SERVERS: [(&str, &str); 2] = [("nginx", "SIGQUIT"), ("httpd", "SIGWINCH")];

pub fn check(signal: Instruction, report: &mut Report) {
    let Some(written) = signal.value().known() else { return };
    let upper = written.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let number: Option<u32> = name.parse().ok();
    let base = stage_of(signal).and_then(images::base);
    let server = base.and_then(|base| SERVERS.iter().find(|(name, _)| base.name().is(*name).is_true()));
    let wanted = server.map_or("SIGTERM", |(_, signal)| signal);
    let message = if matches!(name, "KILL" | "STOP" | "9" | "19") {
        format!("no program can catch `{written}`, so none ends in order")
    } else if !(SIGNALS.contains(&name) || name.starts_with("RTM") || number.is_some_and(|number| (1..=64).contains(&number))) {
        format!("`{written}` is no signal")
    } else if let Some((server, signal)) = server.filter(|_| matches!(name, "TERM" | "15")) {
        format!("{server} cuts off its requests on `{written}`; it finishes them on {signal}")
    } else {
        return;
    };
    let draft = report.at(signal).message(message);
    if let Some(value) = signal.value().node().filter(|node| node.source_text() == written) {
        draft.fix(Fix::unsafe_(format!("use {wanted}")).set(value, "", wanted));
    }
}
