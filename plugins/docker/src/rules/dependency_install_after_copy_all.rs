use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage};

/// A tool that installs what a manifest lists.
struct Tool {
    program: &'static str,
    /// Its words, the first that is there decides; empty: the bare command installs.
    verbs: &'static [&'static str],
    /// What to copy before it.
    manifests: &'static str,
}

const fn tool(program: &'static str, verbs: &'static [&'static str], manifests: &'static str) -> Tool {
    Tool { program, verbs, manifests }
}

static TOOLS: [Tool; 14] = [
    tool("npm", &["ci", "install", "i", "clean-install"], "package*.json"),
    tool("yarn", &["install", ""], "package.json yarn.lock*"),
    tool("pnpm", &["install", "i", "fetch"], "package.json pnpm-lock.yaml*"),
    tool("bun", &["install", "i"], "package.json bun.lock*"),
    tool("pip", &["install"], ""),
    tool("pip3", &["install"], ""),
    tool("poetry", &["install"], "pyproject.toml poetry.lock*"),
    tool("uv", &["sync"], "pyproject.toml uv.lock*"),
    tool("pipenv", &["install", "sync"], "Pipfile*"),
    tool("bundle", &["install", ""], "Gemfile*"),
    tool("composer", &["install"], "composer.json composer.lock*"),
    tool("go", &["mod"], "go.mod go.sum*"),
    tool("dotnet", &["restore"], ""),
    tool("cargo", &["fetch"], "Cargo.toml Cargo.lock*"),
];

pub fn check(stage: Stage, report: &mut Report) {
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    let Some(copy_at) = all.iter().position(|instruction| instruction.facts().whole_context().is(true).is_true()) else { return };
    let copy = all[copy_at];
    let mut seen: Vec<&str> = all[..copy_at].iter().flat_map(|run| installs(*run)).map(|(_, tool, _)| tool.program).collect();
    for (at, run) in all.iter().enumerate().skip(copy_at + 1).filter(|(_, run)| run.is("RUN")) {
        for (command, tool, manifests) in installs(*run) {
            if seen.contains(&tool.program) {
                continue;
            }
            seen.push(tool.program);
            let draft = report
                .at(command)
                .message(format!("`{}` runs behind a copy of the whole context, so every changed file installs the dependencies again", shown(command)))
                .related(copy, "the context is copied here");
            let alone = run.commands().count() == Some(1) && run.flags().is_absent() && at == copy_at + 1;
            let (Some(destination), Some(manifests)) = (copy.destination().known(), manifests) else { continue };
            if alone && !destination.contains(' ') && copy.is("COPY") {
                let destination = format!("{}/", destination.trim_end_matches('/'));
                let fix = Fix::unsafe_("install the dependencies before the context is copied");
                let fix = fix.insert_before(copy, format!("COPY {manifests} {destination}")).insert_before(copy, run.node().source_text());
                draft.fix(fix.remove(*run, ""));
            }
        }
    }
}

/// The commands of a RUN that install what a manifest lists, and the manifests if they can be told.
fn installs<'a>(run: Instruction<'a>) -> impl Iterator<Item = (Command<'a>, &'static Tool, Option<String>)> {
    run.commands().iter().filter_map(|command| {
        let tool = TOOLS.iter().find(|tool| command.is(tool.program))?;
        let verb = command.subcommand();
        let first = verb.known().or(verb.is_absent().then_some(""))?;
        if !tool.verbs.contains(&first) || command.words().items().any(|word| word.value().is_unknown()) {
            return None;
        }
        let operands = command.arguments().filter(|word| *word != first).count();
        match tool.program {
            "pip" | "pip3" => {
                let file = command.flag_value("-r").known().or(command.flag_value("--requirement").known())?;
                Some((command, tool, (!file.contains('/')).then(|| file.to_owned())))
            }
            "go" => command.has_word("download").is_true().then(|| (command, tool, Some(tool.manifests.to_owned()))),
            // Operands are packages by name, which no manifest decides.
            "npm" | "yarn" | "pnpm" | "bun" | "pipenv" if operands > 0 || command.has_any_flag(&["-g", "--global"]).is_true() => None,
            _ => Some((command, tool, (!tool.manifests.is_empty()).then(|| tool.manifests.to_owned()))),
        }
    })
}

fn shown(command: Command) -> String {
    let words: Vec<&str> = command.words().iter().take(2).collect();
    words.join(" ")
}
