use crate::workload::{Which, forbid, has};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let (one, all) = (container.blocks("env"), container.blocks("env_from"));
        let secret = one.iter().find(|env| has(*env, "value_from.secret_key_ref").is_true());
        let place = secret.or_else(|| all.iter().find(|env| has(*env, "secret_ref").is_true()))?;
        Some((place.node(), "takes a secret into its environment".to_owned()))
    });
}
