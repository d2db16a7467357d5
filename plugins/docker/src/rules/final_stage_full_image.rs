use crate::images;
use plimsoll_sdk::docker::{ImageRef, Report, Stage};

/// Images with small variants: repository, what to use instead.
const SLIM: [(&str, &str); 4] = [("node", "-slim"), ("python", "-slim"), ("ruby", "-slim"), ("perl", "-slim")];
/// Images of compilers, which nothing needs to run.
const COMPILERS: [&str; 9] = ["golang", "rust", "gcc", "maven", "gradle", "buildpack-deps", "sbt", "haskell", "swift"];
/// Parts of tags of small variants.
const SMALL: [&str; 6] = ["slim", "alpine", "distroless", "jre", "runtime", "chiseled"];

pub fn check(stage: Stage, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    if let Some(instead) = instead(base) {
        let reference = base.reference().known().unwrap_or_default();
        report.at(stage.from()).message(format!("{} of the shipped image is built on `{reference}`; {instead}", stage.label()));
    }
}

fn instead(base: ImageRef) -> Option<String> {
    let repository = base.repository().known()?;
    let tag = base.tag().or_absent("latest").known()?;
    if SMALL.iter().any(|small| tag.contains(small)) || images::is_windows(base) {
        return None;
    }
    let official = matches!(base.registry().or_absent("docker.io").known()?, "docker.io");
    let name = repository.strip_prefix("library/").unwrap_or(repository);
    if official && let Some((_, variant)) = SLIM.iter().find(|(image, _)| *image == name) {
        return Some(format!("its variant `{variant}` is a fraction of the size"));
    }
    if official && COMPILERS.contains(&name) || repository == "dotnet/sdk" {
        return Some("nothing needs a compiler to run: copy the result into a small image".to_owned());
    }
    let java = ["openjdk", "eclipse-temurin", "amazoncorretto", "azul/zulu-openjdk", "bellsoft/liberica-openjdk-debian"];
    if official && java.contains(&name) && tag.contains("jdk") {
        return Some("a JRE runs Java programs".to_owned());
    }
    (repository == "nvidia/cuda" && tag.contains("devel")).then(|| "its variant `runtime` has no compilers".to_owned())
}
