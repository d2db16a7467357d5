use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] =
    [Flag { programs: &["kube-controller-manager"], name: "service-account-private-key-file", wanted: Wanted::Given, config: None }];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
