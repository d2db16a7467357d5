use crate::projects::{self, Tool};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage};

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
    projects::installs(run.commands()).filter_map(|(_, command, tool)| {
        if command.words().items().any(|word| word.value().is_unknown()) {
            return None;
        }
        match tool.program {
            "pip" | "pip3" => {
                let file = command.flag_value("-r").known().or(command.flag_value("--requirement").known())?;
                Some((command, tool, (!file.contains('/')).then(|| file.to_owned())))
            }
            "go" => command.has_word("download").is_true().then(|| (command, tool, Some(tool.manifests.to_owned()))),
            // These compile as well, and need the sources.
            "cargo" if command.subcommand().is("fetch").is_false() => None,
            "mvn" | "gradle" | "conda" | "mamba" => None,
            _ => Some((command, tool, (!tool.manifests.is_empty()).then(|| tool.manifests.to_owned()))),
        }
    })
}

fn shown(command: Command) -> String {
    let words: Vec<&str> = command.words().iter().take(2).collect();
    words.join(" ")
}
