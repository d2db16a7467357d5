use crate::container::{label, pod_label};
use plimsoll_sdk::kubernetes::{Field, Fix, Pod, Report, WindowsOptions};

pub fn check(pod: Pod, report: &mut Report) {
    judge(pod.spec().security_context().windows_options(), &pod_label(pod.node()), report);
    for container in pod.containers().iter().chain(pod.init_containers()).chain(pod.ephemeral_containers()) {
        judge(container.security_context().windows_options(), &label(container), report);
    }
}

fn judge(options: Field<WindowsOptions>, who: &str, report: &mut Report) {
    if options.host_process().is(true).is_true() {
        let fix = Fix::unsafe_("run it in a container").remove(options, "/hostProcess");
        report.at_key(options.host_process()).message(format!("{who} runs on the Windows node itself (`hostProcess: true`)")).fix(fix);
    }
}
