//! An organisation's configuration below a project's: its settings are the lowest layer, its `[locked]` the last word.

use crate::layer::{FileSettings, Layer, Lock};
use crate::{Config, Problem};

impl Config {
    /// Puts an organisation's configuration below this one. What a lock makes void is taken out, and told.
    #[must_use]
    pub fn under(mut self, organisation: &Self) -> Self {
        let lock = organisation.layers.iter().rev().find_map(|layer| layer.lock.clone());
        if let Some(lock) = &lock {
            for layer in &mut self.layers {
                loosen_nothing(layer, lock, &mut self.problems);
            }
        }
        for layer in &mut self.layers {
            if let Some(own) = layer.lock.take() {
                let message = "`locked` counts in the organisation's configuration only (--org-config)";
                self.problems.push(Problem::warning(&own.origin, message));
            }
        }
        let mut layers = organisation.layers.clone();
        layers.append(&mut self.layers);
        let mut problems = organisation.problems.clone();
        problems.append(&mut self.problems);
        Self { layers, problems, lock }
    }
}

fn loosen_nothing(layer: &mut Layer, lock: &Lock, problems: &mut Vec<Problem>) {
    if lock.rules.is_empty() {
        return;
    }
    let files = std::mem::take(&mut layer.files);
    let origins = [
        ("include", files.include.iter().flatten().next().map(|glob| &glob.origin)),
        ("exclude", files.exclude.first().map(|glob| &glob.origin)),
        ("kinds", files.kinds.first().map(|(glob, _)| &glob.origin)),
        ("max-size", files.max_size.as_ref().map(|size| &size.origin)),
    ];
    for (key, origin) in origins {
        if let Some(origin) = origin {
            problems.push(Problem::warning(origin, format!("`files.{key}` has no effect: the organisation's configuration is locked")));
        }
    }
    layer.files = FileSettings::default();
    layer.options.retain(|option| {
        let held = lock.holds(&option.rule.to_ascii_lowercase());
        if held {
            let message =
                format!("option `{}` of `{}` has no effect: the organisation's configuration locks the rule", option.name, option.rule);
            problems.push(Problem::warning(&option.origin, message));
        }
        !held
    });
    if let (Some(own), Some(most)) = (&layer.fail_on, lock.fail_on)
        && own.value > most
    {
        let message = format!("`fail-on = \"{}\"` has no effect: the organisation's configuration locks it at {most}", own.value);
        problems.push(Problem::warning(&own.origin, message));
    }
}
