use crate::options::TopLevelOrder;
use crate::order;
use plimsoll_sdk::compose::{Project, Report};

pub fn check(project: Project, options: &TopLevelOrder, report: &mut Report) {
    order::keys(project.node(), |key| if key.starts_with("x-") { 0 } else { 1 + order::place(key, &options.keys) }, report);
}
