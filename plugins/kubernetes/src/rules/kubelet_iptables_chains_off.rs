use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kubelet"],
    name: "make-iptables-util-chains",
    wanted: Wanted::Not("false"),
    config: Some(Config { kind: "KubeletConfiguration", path: "makeIPTablesUtilChains", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
