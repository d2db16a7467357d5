use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kube-apiserver", "kubelet"],
    name: "anonymous-auth",
    wanted: Wanted::Is("false"),
    config: Some(Config { kind: "KubeletConfiguration", path: "authentication.anonymous.enabled", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
