use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 2] = [
    Flag { programs: &["kube-apiserver", "kubelet"], name: "tls-cert-file", wanted: Wanted::Given, config: None },
    Flag { programs: &["kube-apiserver", "kubelet"], name: "tls-private-key-file", wanted: Wanted::Given, config: None },
];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
