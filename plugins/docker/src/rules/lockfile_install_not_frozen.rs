use crate::projects::{self, Tool};
use plimsoll_sdk::docker::{Command, Dockerfile, Fix, Instruction, Report, Stage, View as _};

pub fn check(stage: Stage, report: &mut Report) {
    let mut copied: Vec<Instruction> = vec![];
    for instruction in stage.instructions() {
        if instruction.is("COPY") || instruction.is("ADD") {
            copied.push(instruction);
            continue;
        }
        for (_, command, tool) in projects::installs(instruction.commands()).filter(|_| instruction.is("RUN")) {
            let keeps = matches!(tool.program, "npm") && !command.subcommand().is_any(&["install", "i"]).is_true();
            let can = !tool.frozen.is_empty();
            if keeps || !can || !Tool::is_told(command, instruction, stage, tool.frozen, tool.frozen_env).is_false() {
                continue;
            }
            let Some(lock) = lock(stage, &copied, tool) else { continue };
            let name = shown(command);
            let draft = report.at(command).message(format!("`{name}` may change what {lock} says"));
            if let Some(fix) = fix(command, tool) {
                draft.fix(fix);
            }
        }
    }
}

/// The lock file that certainly lies where the tool runs.
fn lock(stage: Stage, copied: &[Instruction], tool: &Tool) -> Option<&'static str> {
    let named = tool.locks.iter().find(|lock| {
        copied.iter().any(|copy| copy.sources().iter().any(|source| source.rsplit('/').next() == Some(**lock)))
    });
    if let Some(lock) = named {
        return Some(lock);
    }
    // A pattern or a directory may bring it, if it is there.
    let context = Dockerfile::from_node(stage.node().doc().root()).facts().context();
    let lies = |lock: &str| context.entries().iter().any(|entry| entry.path().is(lock).is_true() && entry.ignored().is(false).is_true());
    let brings = |lock: &str| {
        copied.iter().filter(|copy| copy.flags().from().is_absent()).any(|copy| {
            copy.facts().whole_context().is(true).is_true() || copy.sources().iter().any(|source| fits(source.trim_start_matches("./"), lock))
        })
    };
    tool.locks.iter().copied().find(|lock| lies(lock) && brings(lock))
}

/// Whether a pattern with one `*` names a file.
fn fits(pattern: &str, name: &str) -> bool {
    pattern.split_once('*').is_some_and(|(begin, end)| name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end))
}

fn fix<'a>(command: Command<'a>, tool: &Tool) -> Option<Fix<'a>> {
    let verb = command.words().items().find(|word| word.value().known().is_some_and(|word| tool.installs.contains(&word)))?;
    if tool.program == "npm" {
        return Some(Fix::unsafe_("install with `npm ci`").set(verb, "", "ci"));
    }
    let flag = tool.frozen.first()?;
    Some(Fix::unsafe_(format!("add `{flag}`")).insert_after(verb, *flag))
}

fn shown(command: Command) -> String {
    let words: Vec<&str> = command.words().iter().take(2).collect();
    words.join(" ")
}
