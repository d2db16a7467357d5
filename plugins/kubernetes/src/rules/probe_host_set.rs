use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Dyn, Field, Fix, HttpGet, Report};

pub fn check(container: Container, report: &mut Report) {
    let lifecycle = container.lifecycle();
    let probes = [
        ("liveness probe", container.liveness_probe()),
        ("readiness probe", container.readiness_probe()),
        ("startup probe", container.startup_probe()),
    ];
    for (what, probe) in probes {
        judge(container, what, probe.http_get(), probe.tcp_socket(), report);
    }
    for (what, hook) in [("post-start hook", lifecycle.post_start()), ("pre-stop hook", lifecycle.pre_stop())] {
        judge(container, what, hook.http_get(), hook.tcp_socket(), report);
    }
}

fn judge(container: Container, what: &str, http: Field<HttpGet>, tcp: Field<Dyn>, report: &mut Report) {
    for host in [http.host(), tcp.get("host").str()] {
        if let Some(name) = host.known().filter(|name| !name.is_empty()) {
            let message = format!("the {what} of {} goes to `{name}`, not to the pod", label(container));
            report.at_key(host).message(message).fix(Fix::unsafe_("ask the pod itself").remove(host, ""));
        }
    }
}
