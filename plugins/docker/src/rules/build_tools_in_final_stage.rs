use crate::packages::{APK, APT, Manager, RPM, ZYPPER};
use crate::run;
use plimsoll_sdk::docker::{Command, Instruction, Report, Stage};

/// Commands that compile, with the word that says so; none: whatever follows.
const COMPILES: [(&str, &[&str]); 12] = [
    ("go", &["build", "install"]),
    ("cargo", &["build", "install"]),
    ("mvn", &["package", "install", "verify", "compile"]),
    ("mvnw", &["package", "install", "verify", "compile"]),
    ("gradle", &["build", "assemble", "bootJar", "jar"]),
    ("gradlew", &["build", "assemble", "bootJar", "jar"]),
    ("dotnet", &["build", "publish"]),
    ("tsc", &[]),
    ("make", &[]),
    ("cmake", &[]),
    ("gcc", &[]),
    ("g++", &[]),
];
const COMPILERS: [&str; 14] = [
    "build-essential", "build-base", "gcc", "g++", "make", "cmake", "clang", "maven", "gradle", "cargo", "rustc", "golang", "default-jdk", "gcc-c++",
];

pub fn check(stage: Stage, report: &mut Report) {
    if !stage.is_shipped() {
        return;
    }
    for instruction in stage.each("RUN") {
        if let Some((command, what)) = first(instruction) {
            report.at(command).message(format!("{} of the shipped image {what}; build in a stage of its own", stage.label()));
            return;
        }
    }
}

fn first<'a>(run: Instruction<'a>) -> Option<(Command<'a>, String)> {
    let removes = |command: Command| {
        [&APT, &APK, &RPM, &ZYPPER].iter().any(|manager| {
            manager.action(command).is_some_and(|action| matches!(action.verb, "purge" | "remove" | "autoremove" | "del" | "erase" | "rm"))
        })
    };
    for (at, command) in run.commands().iter().enumerate() {
        if !run::later(run, at, removes).is_false() {
            continue;
        }
        let compiles = COMPILES.iter().find(|(name, _)| command.is(name));
        if let Some((name, words)) = compiles
            && (words.is_empty() && command.arguments().next().is_some() || command.arguments().any(|word| words.contains(&word)))
        {
            return Some((command, format!("compiles with `{name}`")));
        }
        let managers: [&Manager; 4] = [&APT, &APK, &RPM, &ZYPPER];
        let action = managers.iter().find_map(|manager| manager.action(command).filter(|action| manager.installs.contains(&action.verb)));
        let compiler = action.as_ref().and_then(|action| action.known().map(|(_, word)| word).find(|word| is_compiler(word)));
        if let Some(compiler) = compiler {
            return Some((command, format!("installs `{compiler}` and keeps it")));
        }
    }
    None
}

fn is_compiler(package: &str) -> bool {
    let name = package.split(['=', '~', '<', '>']).next().unwrap_or(package);
    COMPILERS.contains(&name) || name.ends_with("-dev") || name.ends_with("-devel")
}
