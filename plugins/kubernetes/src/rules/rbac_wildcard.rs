use crate::container::owner;
use crate::role::is_default;
use plimsoll_sdk::kubernetes::{List, PolicyRule, Report};

pub fn check(rule: PolicyRule, report: &mut Report) {
    let lists = [("verb", rule.verbs()), ("resource", rule.resources()), ("API group", rule.api_groups())];
    let everything: Vec<&(&str, List<&str>)> = lists.iter().filter(|(_, list)| list.contains("*").is_true()).collect();
    if let (Some((_, list)), true) = (everything.first(), is_default(rule).is_false()) {
        let kinds: Vec<_> = everything.iter().map(|(kind, _)| *kind).collect();
        report.at(*list).message(format!("{} allows every {} (`*`)", owner(rule.node()), kinds.join(", every ")));
    }
}
