use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kubelet"],
    name: "rotate-certificates",
    wanted: Wanted::Not("false"),
    config: Some(Config { kind: "KubeletConfiguration", path: "rotateCertificates", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
