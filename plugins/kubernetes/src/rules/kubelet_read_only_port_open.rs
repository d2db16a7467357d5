use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kubelet"],
    name: "read-only-port",
    wanted: Wanted::Is("0"),
    config: Some(Config { kind: "KubeletConfiguration", path: "readOnlyPort", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
