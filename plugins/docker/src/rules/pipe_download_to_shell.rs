use plimsoll_sdk::docker::{Command, Instruction, Report};

const DOWNLOADERS: [&str; 3] = ["curl", "wget", "fetch"];
const SHELLS: [&str; 12] = ["sh", "bash", "ash", "dash", "zsh", "ksh", "python", "python3", "perl", "ruby", "node", "php"];

pub fn check(run: Instruction, report: &mut Report) {
    let commands: Vec<Command> = run.commands().iter().collect();
    for (at, command) in commands.iter().enumerate() {
        let Some(tool) = command.name().known().filter(|name| DOWNLOADERS.contains(name) && command.piped().is(true).is_true()) else { continue };
        // The commands of the same pipe, up to the one whose output stays.
        let mut pipe = commands[at + 1..].iter().take_while(|next| next.operator().is_any(&["|", "|&"]).is_true());
        let Some((shell, name)) = pipe.find_map(|next| Some((*next, next.name().known().filter(|name| SHELLS.contains(name) && reads_input(*next))?))) else {
            continue;
        };
        report.at(*command).message(format!("`{name}` runs whatever `{tool}` gets from the network")).related(shell, "it is run here");
    }
}

/// Whether the shell runs its input: it is given no script of its own.
fn reads_input(shell: Command) -> bool {
    let own = shell.has_any_flag(&["-c", "-e", "-m", "-n"]);
    own.is_false() && shell.arguments().all(|word| word == "-" || word == "/dev/stdin" || shell.has_word("-s").is_true())
}
