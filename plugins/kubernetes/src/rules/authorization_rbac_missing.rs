use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag { programs: &["kube-apiserver"], name: "authorization-mode", wanted: Wanted::Holds("RBAC"), config: None }];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
