//! What RUN instructions do, and where their layers end up.

use plimsoll_sdk::docker::{Command, Dockerfile, Fix, Instruction, Report, Stage, Truth, View as _};

/// The stage an instruction stands in, wrapped in ONBUILD or not; `None` for an ARG before the first FROM.
pub(crate) fn stage_of(instruction: Instruction<'_>) -> Option<Stage<'_>> {
    let mut node = instruction.node();
    while let Some(parent) = node.parent() {
        if parent.key() == "stages" {
            return Some(Stage::from_node(node));
        }
        node = parent;
    }
    None
}

/// Whether the layers of a stage are part of an image that is shipped: the stage is, or one that starts from it.
pub(crate) fn is_kept(stage: Stage<'_>) -> bool {
    let file = Dockerfile::from_node(stage.node().doc().root());
    let is_stage = |parent: Stage<'_>| parent.node().target().index() == stage.node().index();
    stage.is_shipped() || file.shipped_stages().any(|shipped| shipped.facts().parents().iter().any(is_stage))
}

/// Whether the layer of an instruction is part of an image that is shipped.
pub(crate) fn leaves_layer(instruction: Instruction<'_>) -> bool {
    stage_of(instruction).is_some_and(is_kept)
}

/// Whether a cache or tmpfs mount lies over one of these directories, so that nothing there gets into the layer.
pub(crate) fn mounts_over(run: Instruction<'_>, directories: &[&str]) -> Truth {
    run.flags().mount().any(|mount| {
        let over = mount.target().holds(|target| {
            let target = target.trim_end_matches('/');
            directories
                .iter()
                .any(|directory| target == *directory || directory.strip_prefix(target).is_some_and(|rest| rest.starts_with('/')))
        });
        mount.type_().is_any(&["cache", "tmpfs"]) & over
    })
}

/// Whether a command behind position `at` of the same RUN does this; unknown if one there cannot be told.
pub(crate) fn later<'a>(run: Instruction<'a>, at: usize, does: impl Fn(Command<'a>) -> bool) -> Truth {
    run.commands().iter().skip(at + 1).fold(Truth::False, |sum, command| {
        sum | match does(command) {
            true => Truth::True,
            false if command.name().is_unknown() => Truth::Unknown,
            false => Truth::False,
        }
    })
}

/// Whether a command removes what lies in a directory, the directory itself or one above it. A removal of what cannot be told counts.
pub(crate) fn removes(command: Command<'_>, directory: &str) -> bool {
    let removes = command.is("rm") || (command.is("find") && command.has_word("-delete").is_true());
    removes
        && command.words().items().skip(1).any(|word| match word.value().known() {
            None => true,
            Some(word) => covers(word, directory),
        })
}

fn covers(word: &str, directory: &str) -> bool {
    let word = word.trim_end_matches(['*', '/']);
    let inside = |path: &str, directory: &str| path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some((before, rest)) = word.split_once('{') {
        // `/var/lib/{apt,dpkg}/` as the shell would expand it.
        let (choices, after) = rest.split_once('}').unwrap_or((rest, ""));
        return choices.split(',').any(|choice| covers(&format!("{before}{choice}{after}"), directory));
    }
    word.len() > 1 && (inside(word, directory) || inside(directory, word))
}

/// Whether a user, as USER has it, is root.
pub(crate) fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    name == "root" || (!name.is_empty() && name.bytes().all(|digit| digit == b'0'))
}

/// Reports every instruction of a keyword that a later one in the stage overrides.
pub(crate) fn overridden(stage: Stage<'_>, keyword: &'static str, report: &mut Report<'_>) {
    let all: Vec<Instruction<'_>> = stage.each(keyword).collect();
    let Some((last, earlier)) = all.split_last() else { return };
    for instruction in earlier {
        report
            .at(*instruction)
            .message(format!("this {keyword} never takes effect: {} has a later one, and only the last counts", stage.label()))
            .related(*last, "this one counts")
            .fix(Fix::safe(format!("remove the {keyword} that has no effect")).remove(*instruction, ""));
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn removals_are_told_from_those_beside() {
        for word in
            ["/var/lib/apt/lists/*", "/var/lib/apt/lists", "/var/lib/apt/lists/*.lz4", "/var/lib/apt", "/var/lib/{apt,dpkg}/", "/var/*"]
        {
            assert!(covers(word, "/var/lib/apt/lists"), "{word}");
        }
        for word in ["/var/lib/apt/listsold", "/var/cache/apt", "/tmp/*", "/", "*", "/var/lib/{dpkg,cache}", "-rf"] {
            assert!(!covers(word, "/var/lib/apt/lists"), "{word}");
        }
    }
}
