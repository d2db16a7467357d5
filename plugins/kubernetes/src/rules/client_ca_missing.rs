use crate::component::{Config, Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag {
    programs: &["kube-apiserver", "kubelet"],
    name: "client-ca-file",
    wanted: Wanted::Given,
    config: Some(Config { kind: "KubeletConfiguration", path: "authentication.x509.clientCAFile", needed: true }),
}];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
