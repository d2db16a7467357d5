use crate::projects::{self, Tool};
use crate::run::is_kept;
use plimsoll_sdk::docker::{Command, Fix, Report, Stage};

/// Words by which a stage builds, tests or removes the development dependencies in the end.
const WORKS: [&str; 10] = ["build", "test", "compile", "prune", "export", "assets:precompile", "tsc", "webpack", "vite", "lint"];

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let works = |command: Command| command.words().iter().take(4).any(|word| WORKS.contains(&word.split(':').next().unwrap_or(word)));
    if stage.each("RUN").any(|run| run.commands().iter().any(works)) {
        return;
    }
    // A script of the manifest, or a server for development, may need them.
    let starts = [stage.facts().cmd(), stage.facts().entrypoint()];
    let by_script = ["npm", "yarn", "pnpm", "bun ", "bunx", "npx", "ng ", "dev", "serve", "watch", "nodemon", "next"];
    if starts.iter().any(|start| start.text().holds(|text| by_script.iter().any(|word| text.contains(word))).is_true()) {
        return;
    }
    for run in stage.each("RUN") {
        for (_, command, tool) in projects::installs(run.commands()) {
            let Some(flag) = tool.production.first() else {
                if let Some(file) = dev_requirements(command).filter(|_| tool.program.starts_with("pip")) {
                    report.at(command).message(format!("`{file}` is installed in what is shipped; it is for development"));
                }
                continue;
            };
            let shape = !matches!(tool.program, "pnpm") || !command.subcommand().is("fetch").is_true();
            if shape && Tool::is_told(command, run, stage, tool.production, tool.production_env).is_false() && !configured(stage, tool) {
                let verb = command.words().items().find(|word| word.value().known().is_some_and(|word| tool.installs.contains(&word)));
                let draft = report.at(command).message(format!("`{}` installs what only development needs into what is shipped", tool.program));
                if let Some(verb) = verb {
                    draft.fix(Fix::unsafe_(format!("add `{flag}`")).insert_after(verb, *flag));
                }
            }
        }
    }
}

/// A file of requirements whose name says that it is for development.
fn dev_requirements<'a>(command: Command<'a>) -> Option<&'a str> {
    let file = command.flag_value("-r").known().or(command.flag_value("--requirement").known())?;
    let name = file.rsplit('/').next()?.to_ascii_lowercase();
    name.split(['-', '_', '.']).any(|word| matches!(word, "dev" | "develop" | "development" | "test" | "tests")).then_some(file)
}

/// Whether the tool's own settings leave them out: `bundle config set without …`, `yarn workspaces focus --production`.
fn configured(stage: Stage, tool: &Tool) -> bool {
    stage.each("RUN").flat_map(|run| run.commands().iter()).any(|command| {
        command.is(tool.program) && command.has_word("config").is_true() && command.words().iter().any(|word| matches!(word, "without" | "deployment" | "production"))
    })
}
