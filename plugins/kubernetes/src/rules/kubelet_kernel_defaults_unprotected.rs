use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kubelet"],
    name: "protect-kernel-defaults",
    wanted: Wanted::Is("true"),
    config: Some(Config { kind: "KubeletConfiguration", path: "protectKernelDefaults", needed: true }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
