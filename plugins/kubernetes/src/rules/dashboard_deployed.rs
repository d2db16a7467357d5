use crate::container::owner;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let labels = pod.metadata().labels();
    let label = labels.get("app").is("kubernetes-dashboard") | labels.get("k8s-app").is("kubernetes-dashboard");
    let image = pod.containers().any(|container| {
        let repository = container.facts().image().repository();
        repository.holds(|path| path.contains("kubernetes-dashboard") || path.starts_with("kubernetesui/"))
    });
    if (label | image).is_true() {
        report.here().message(format!("{} runs the Kubernetes Dashboard", owner(pod.node())));
    }
}
