use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 2] = [
    Flag { programs: &["etcd"], name: "peer-cert-file", wanted: Wanted::Given, config: None },
    Flag { programs: &["etcd"], name: "peer-key-file", wanted: Wanted::Given, config: None },
];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
