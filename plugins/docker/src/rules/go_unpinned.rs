use plimsoll_sdk::docker::{Command, Instruction, Report};

/// Options of `go install`, `go get` and `go run` whose value is the next word.
const VALUED: [&str; 14] = ["-C", "-p", "-asmflags", "-gcflags", "-ldflags", "-gccgoflags", "-mod", "-modfile", "-overlay", "-pkgdir", "-tags", "-toolexec", "-exec", "-o"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        for package in packages(command) {
            let version = package.split_once('@').map(|(_, version)| version);
            if is_path(package) || version.is_some_and(|version| !matches!(version, "" | "latest" | "none" | "upgrade" | "patch")) {
                continue;
            }
            report.at(command).message(format!("no version is named for `{package}`"));
            break;
        }
    }
}

fn packages<'a>(command: Command<'a>) -> Vec<&'a str> {
    let mut out = vec![];
    if !command.is("go") {
        return out;
    }
    let mut words = command.words().items().skip(1).map(|word| word.value().known());
    let Some(verb @ ("install" | "get" | "run")) = words.next().flatten() else { return out };
    while let Some(word) = words.next() {
        match word {
            Some(word) if VALUED.contains(&word) => _ = words.next(),
            Some(word) if word.starts_with('-') => {}
            Some(word) => {
                out.push(word);
                // What follows is the program's.
                if verb == "run" {
                    break;
                }
            }
            None if verb == "run" => break,
            None => {}
        }
    }
    out
}

/// A directory, a file, a pattern below here, or a package of Go itself.
fn is_path(package: &str) -> bool {
    package.starts_with(['.', '/', '~', '\\']) || package.ends_with(".go") || matches!(package, "cmd" | "std" | "all" | "tool")
}
