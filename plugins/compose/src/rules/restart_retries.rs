use crate::options::RestartRetries;
use crate::service::label;
use plimsoll_sdk::compose::{Fix, Report, Service, State};

pub fn check(service: Service, options: &RestartRetries, report: &mut Report) {
    let wanted = options.attempts;
    if let Some(policy) = service.restart().known().and_then(|restart| restart.strip_prefix("on-failure")) {
        let attempts = policy.strip_prefix(':').and_then(|attempts| attempts.parse::<f64>().ok());
        if attempts != Some(wanted) {
            let fix = Fix::unsafe_(format!("try {wanted} times")).set(service, "/restart", format!("on-failure:{wanted}"));
            report.at(service.restart()).message(tried(service, attempts, wanted)).fix(fix);
        }
    }
    let policy = service.deploy().restart_policy();
    if policy.condition().is("on-failure").is_true() {
        let attempts = match policy.max_attempts().read() {
            State::Unknown => return,
            State::Absent => None,
            State::Known(attempts) => Some(attempts),
        };
        if attempts != Some(wanted) {
            let fix = Fix::unsafe_(format!("try {wanted} times")).set(service, "/deploy/restart_policy/max_attempts", wanted);
            let place = policy.max_attempts().node().or(policy.condition().node());
            report.at(place).message(tried(service, attempts, wanted)).fix(fix);
        }
    }
}

fn tried(service: Service, attempts: Option<f64>, wanted: f64) -> String {
    let label = label(service);
    attempts.map_or_else(
        || format!("{label} is restarted without end when it fails, not {wanted} times"),
        |attempts| format!("{label} is restarted {attempts} times when it fails, not {wanted}"),
    )
}
