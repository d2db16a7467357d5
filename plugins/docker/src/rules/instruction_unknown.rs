use crate::keywords;
use crate::variables::nearest;
use plimsoll_sdk::docker::{Dockerfile, Fix, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    for refused in file.facts().refused().iter().filter(|refused| refused.kind().is("unknown").is_true()) {
        let Some(word) = refused.word().known() else { continue };
        let near = nearest(word, keywords::ALL.iter().copied(), 2);
        let hint = near.map_or(String::new(), |near| format!("; is {near} meant?"));
        let draft = report.at(refused).message(format!("`{}` is no instruction{hint}", shortened(word)));
        if let (Some(near), Some(node)) = (near, refused.word().node()) {
            draft.fix(Fix::unsafe_(format!("write {near}")).replace_source(node, near));
        }
    }
    let first = file.stages().first().from().span().map_or(0, |span| span.start);
    for comment in file.facts().comments().items().filter(|comment| comment.span().start < first) {
        let Some((name, value)) = comment.value().known().and_then(|text| text.split_once('=')) else { continue };
        let name = name.trim();
        if value.trim_start().starts_with("docker/dockerfile") && nearest(name, ["syntax"].into_iter(), 2).is_some() && name.len() > 3 {
            report.at(comment).message(format!("`# {name}=` is a comment; is `# syntax=` meant?"));
        }
    }
}

fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}
