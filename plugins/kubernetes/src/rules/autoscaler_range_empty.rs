use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(autoscaler: Object, report: &mut Report) {
    let (least, most) = (autoscaler.spec().min_replicas().or_absent(1.0), autoscaler.spec().max_replicas());
    if let (Some(from), Some(to)) = (least.known(), most.known())
        && to <= from
    {
        report.at_key(most).message(format!("{} cannot scale: at least {from} pods and at most {to}", owner(autoscaler.node())));
    }
}
