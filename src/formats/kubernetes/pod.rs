//! Where each kind of workload keeps its pod.

/// The way from an object's root to what holds the pod's metadata and spec; `None` if the kind makes no pods. Groups that serve a kind
/// no more are known too: what is wrong with them is for a rule to say.
pub(crate) fn template_path(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    const BUILT_IN: [&str; 4] = ["", "apps", "extensions", "batch"];
    const TEMPLATE: &[&str] = &["spec", "template"];
    match kind {
        "Pod" if group.is_empty() => Some(&[]),
        "PodTemplate" if group.is_empty() => Some(&["template"]),
        "CronJob" if BUILT_IN.contains(&group) => Some(&["spec", "jobTemplate", "spec", "template"]),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" if BUILT_IN.contains(&group) => {
            Some(TEMPLATE)
        }
        "Rollout" if group == "argoproj.io" => Some(TEMPLATE),
        "DeploymentConfig" if group == "apps.openshift.io" || group.is_empty() => Some(TEMPLATE),
        "Service" | "Configuration" if group == "serving.knative.dev" => Some(TEMPLATE),
        "Revision" if group == "serving.knative.dev" => Some(&[]),
        _ => None,
    }
}
