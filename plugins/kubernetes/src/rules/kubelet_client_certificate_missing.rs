use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 2] = [
    Flag { programs: &["kube-apiserver"], name: "kubelet-client-certificate", wanted: Wanted::Given, config: None },
    Flag { programs: &["kube-apiserver"], name: "kubelet-client-key", wanted: Wanted::Given, config: None },
];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
