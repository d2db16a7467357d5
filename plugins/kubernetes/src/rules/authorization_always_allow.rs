use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kube-apiserver", "kubelet"],
    name: "authorization-mode",
    wanted: Wanted::Lacks("AlwaysAllow"),
    config: Some(Config { kind: "KubeletConfiguration", path: "authorization.mode", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
