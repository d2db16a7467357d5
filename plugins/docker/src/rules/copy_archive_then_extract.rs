use crate::context::is_archive;
use plimsoll_sdk::Node;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for (at, copy) in all.iter().enumerate().filter(|(_, copy)| copy.is("COPY") && copy.flags().from().is_absent()) {
        let destination = copy.destination().known().unwrap_or_default();
        let written_to = copy.destination().node().map_or("", Node::source_text);
        let sources = copy.sources().items().filter_map(|item| Some((item.node().source_text(), item.value().known()?)));
        for (written, source) in sources.filter(|(_, source)| is_archive(source)) {
            // In a path of Windows without `# escape=`, Docker takes the separators for escapes; what is meant is plain.
            let names = [base(source), base(destination), base(written), base(written_to)];
            let extracts = |command: &Command| unpacks(*command, &names);
            if let Some(command) = all[at + 1..].iter().filter(|run| run.is("RUN")).flat_map(|run| run.commands().iter()).find(extracts) {
                let draft = report
                    .at(*copy)
                    .message(format!("`{source}` is copied and then unpacked; ADD unpacks it without a layer for the archive"))
                    .related(command, "it is unpacked here");
                let alone = copy.sources().count() == Some(1) && copy.flags().is_absent() && command.wrappers().is_absent() && !source.contains(' ');
                let into = command.flag_value("-C").known().or(command.flag_value("--directory").known());
                // What else the archive's tar is told (which members, how deep) ADD cannot be.
                let plain = command.words().iter().skip(1).all(|word| !word.starts_with("--") || word.starts_with("--directory"))
                    && command.arguments().filter(|word| !is_archive(word) && Some(*word) != into && word.len() > 4).count() == 0;
                if let Some(into) = into.filter(|into| alone && plain && into.starts_with('/')) {
                    let add = format!("ADD {source} {}/", into.trim_end_matches('/'));
                    let fix = Fix::unsafe_("unpack it with ADD").set(*copy, "", add);
                    let run = all[at + 1..].iter().find(|run| run.commands().iter().any(|other| other.node().index() == command.node().index()));
                    if let Some(run) = run {
                        draft.fix(if run.commands().count() == Some(1) { fix.remove(*run, "") } else { fix.remove(command, "") });
                    }
                }
            }
        }
    }
}

fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default().trim_matches('"')
}

/// Whether a command is tar, extracting an archive of one of these names.
fn unpacks(command: Command, names: &[&str]) -> bool {
    let extracts = |word: &str| word == "--extract" || word == "--get" || (!word.starts_with("--") && !word.contains(['/', '.']) && word.trim_start_matches('-').contains('x'));
    let words = command.words();
    command.is("tar") && words.iter().skip(1).take(3).any(extracts) && words.iter().any(|word| is_archive(word) && names.contains(&base(word)))
}
