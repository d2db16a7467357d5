use crate::component::{Flag, Wanted};
use plimsoll_sdk::kubernetes::{Object, Report};

const FLAGS: [Flag; 1] = [Flag { programs: &["etcd"], name: "client-cert-auth", wanted: Wanted::Is("true"), config: None }];

pub fn check(object: Object, report: &mut Report) {
    for flag in FLAGS {
        flag.judge(object, report);
    }
}
