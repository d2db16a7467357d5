use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    if !run.flags().mount().any(|mount| mount.type_().is("secret")).is_false() {
        return;
    }
    for command in run.commands() {
        if let Some(what) = what(command) {
            report.at(command).message(format!("`{what}` leaves a credential in the image and its history"));
        }
    }
}

fn what(command: Command) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().all(|word| command.has_word(word).is_true());
    let begins = |begin: &str| command.words().iter().any(|word| word.starts_with(begin));
    let flag = |flags: &[&str]| command.has_any_flag(flags).is_true();
    match command.name().known()? {
        "aws" if has(&["configure", "set"]) && (has(&["aws_access_key_id"]) || has(&["aws_secret_access_key"]) || has(&["aws_session_token"])) => Some("aws configure set"),
        "gcloud" if has(&["auth", "activate-service-account"]) => Some("gcloud auth activate-service-account"),
        "az" if has(&["login"]) && flag(&["-p", "--password", "--federated-token"]) => Some("az login"),
        "doctl" if has(&["auth", "init"]) && flag(&["-t", "--access-token"]) => Some("doctl auth init"),
        "docker" | "podman" | "buildah" | "helm" | "skopeo" | "crane" if has(&["login"]) && (flag(&["-p", "--password"]) || begins("-p")) => Some("login"),
        "npm" | "yarn" | "pnpm" if has(&["config", "set"]) && command.words().items().any(|word| word.node().source_text().contains("_auth")) => Some("npm config set _auth"),
        "gh" | "glab" if has(&["auth", "login"]) && flag(&["--with-token", "--token", "-t"]) => Some("auth login"),
        "heroku" if has(&["auth:token"]) => Some("heroku auth:token"),
        "composer" | "pip" | "poetry" | "bundle" if has(&["config"]) && command.words().iter().any(|word| word.contains("http-basic") || word.contains("-oauth") || word.contains("pypi-token")) => {
            Some("config of a token")
        }
        _ => None,
    }
}
