use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report, Truth};

/// Annotations by which providers make a load balancer internal, and the values that do.
const INTERNAL: [(&str, &[&str]); 8] = [
    ("networking.gke.io/load-balancer-type", &["Internal"]),
    ("cloud.google.com/load-balancer-type", &["Internal", "internal"]),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", &["true", "0.0.0.0/0"]),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", &["internal"]),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", &["true"]),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", &["true"]),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", &["true"]),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", &["private"]),
];

pub fn check(service: Object, report: &mut Report) {
    let kind = service.spec().type_();
    let annotations = service.metadata().annotations();
    let internal = INTERNAL.iter().fold(Truth::False, |sum, (name, values)| sum | annotations.get(name).is_any(values));
    if (kind.is("LoadBalancer") & !internal).is_true() {
        report.at(kind).message(format!("{} asks for a load balancer that is reachable from outside", owner(service.node())));
    }
}
