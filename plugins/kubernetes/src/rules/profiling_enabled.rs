use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kube-apiserver", "kube-controller-manager", "kube-scheduler"],
    name: "profiling",
    wanted: Wanted::Is("false"),
    config: Some(Config { kind: "KubeSchedulerConfiguration", path: "enableProfiling", needed: true }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
