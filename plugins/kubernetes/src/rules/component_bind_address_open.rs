use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kube-controller-manager", "kube-scheduler"],
    name: "bind-address",
    wanted: Wanted::Is("127.0.0.1"),
    config: None,
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
