use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kubelet"],
    name: "streaming-connection-idle-timeout",
    wanted: Wanted::Not("0"),
    config: Some(Config { kind: "KubeletConfiguration", path: "streamingConnectionIdleTimeout", needed: false }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
