//! Package managers: how their command lines are read.

use plimsoll_sdk::docker::{Command, Instruction, Item};

/// A package manager, or several whose command lines read alike.
pub(crate) struct Manager {
    /// Its programs.
    pub(crate) programs: &'static [&'static str],
    /// Options whose value is the next word.
    valued: &'static [&'static str],
    /// Words that install or upgrade packages.
    pub(crate) installs: &'static [&'static str],
}

/// Debian and Ubuntu.
pub(crate) static APT: Manager = Manager {
    programs: &["apt-get", "apt", "aptitude"],
    valued: &["-o", "--option", "-t", "--target-release", "--default-release", "-c", "--config-file", "-a", "--host-architecture"],
    installs: &[
        "install",
        "reinstall",
        "upgrade",
        "dist-upgrade",
        "full-upgrade",
        "safe-upgrade",
        "build-dep",
        "dselect-upgrade",
        "satisfy",
    ],
};
/// Alpine.
pub(crate) static APK: Manager = Manager {
    programs: &["apk"],
    valued: &[
        "-X",
        "--repository",
        "-p",
        "--root",
        "-t",
        "--virtual",
        "--arch",
        "--keys-dir",
        "--repositories-file",
        "--wait",
        "--cache-dir",
        "--cache-max-age",
        "--progress-fd",
        "--timeout",
    ],
    installs: &["add", "upgrade", "fix"],
};
/// Fedora, `CentOS`, Red Hat.
pub(crate) static RPM: Manager =
    Manager { programs: &["yum", "dnf", "dnf5", "microdnf", "tdnf"], valued: RPM_VALUED, installs: RPM_INSTALLS };
const RPM_VALUED: &[&str] = &[
    "-c",
    "--config",
    "-x",
    "--exclude",
    "--installroot",
    "--releasever",
    "--enablerepo",
    "--disablerepo",
    "--setopt",
    "-d",
    "-e",
    "-R",
    "--repo",
    "--repoid",
    "--comment",
    "--forcearch",
];
const RPM_INSTALLS: &[&str] = &[
    "install",
    "in",
    "groupinstall",
    "localinstall",
    "reinstall",
    "rei",
    "upgrade",
    "up",
    "update",
    "upgrade-minimal",
    "up-min",
    "update-minimal",
    "distro-sync",
    "builddep",
    "install-n",
    "install-na",
    "install-nevra",
];
/// SUSE and `openSUSE`.
pub(crate) static ZYPPER: Manager = Manager {
    programs: &["zypper"],
    valued: &[
        "-r",
        "--repo",
        "-p",
        "--plus-repo",
        "-R",
        "--root",
        "-c",
        "--config",
        "-D",
        "--reposd-dir",
        "-t",
        "--type",
        "--from",
        "-C",
        "--cache-dir",
        "--pkg-cache-dir",
        "--releasever",
    ],
    installs: &["install", "in", "update", "up", "dist-upgrade", "dup", "patch", "source-install", "si", "install-new-recommends", "inr"],
};
/// Arch. Its first word is an option that says what to do: see [`pacman`].
pub(crate) static PACMAN: Manager = Manager { programs: &["pacman", "yay", "paru"], valued: &[], installs: &[] };
/// Python's pip, whatever version is named.
pub(crate) static PIP: Manager = Manager {
    programs: &["pip", "pip2", "pip3"],
    valued: &[
        "-r",
        "--requirement",
        "-c",
        "--constraint",
        "-e",
        "--editable",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "-t",
        "--target",
        "--prefix",
        "--root",
        "--trusted-host",
        "--platform",
        "--python-version",
        "--no-binary",
        "--only-binary",
        "--progress-bar",
        "--timeout",
        "--retries",
        "--cache-dir",
        "--proxy",
        "--src",
        "--log",
        "-b",
        "--build",
        "--upgrade-strategy",
        "--abi",
        "--implementation",
        "--report",
        "-C",
        "--config-settings",
        "--cert",
        "--client-cert",
        "--exists-action",
        "--global-option",
        "--install-option",
        "--root-user-action",
        "--use-feature",
        "--use-deprecated",
    ],
    installs: &["install"],
};
/// Node's npm.
pub(crate) static NPM: Manager = Manager {
    programs: &["npm"],
    valued: &[
        "--registry",
        "--loglevel",
        "--prefix",
        "-C",
        "--cache",
        "-w",
        "--workspace",
        "--tag",
        "--userconfig",
        "--globalconfig",
        "--fetch-retries",
        "--fetch-timeout",
        "--fetch-retry-mintimeout",
        "--fetch-retry-maxtimeout",
        "--network-timeout",
        "--omit",
        "--include",
        "--script-shell",
        "--maxsockets",
        "--install-strategy",
        "--cpu",
        "--os",
        "--libc",
    ],
    installs: &["install", "i", "add", "isntall"],
};
/// Ruby's gem.
pub(crate) static GEM: Manager = Manager {
    programs: &["gem"],
    valued: &[
        "-i",
        "--install-dir",
        "-n",
        "--bindir",
        "-s",
        "--source",
        "-p",
        "--http-proxy",
        "--platform",
        "-P",
        "--trust-policy",
        "--document",
        "--build-root",
        "--without",
        "--use-system-libraries",
        "-v",
        "--version",
    ],
    installs: &["install", "i"],
};

/// What a command line asks a package manager to do.
pub(crate) struct Action<'a> {
    /// Position of the command in its RUN.
    pub(crate) at: usize,
    /// The command.
    pub(crate) command: Command<'a>,
    /// The word that says what to do: `install`.
    pub(crate) verb: &'a str,
    /// The same as a place.
    pub(crate) word: Item<'a, &'a str>,
    /// Words behind it that are neither options nor their values, unknown ones included.
    pub(crate) operands: Vec<Item<'a, &'a str>>,
}

impl<'a> Action<'a> {
    /// The operands that are known.
    pub(crate) fn known(&self) -> impl Iterator<Item = (Item<'a, &'a str>, &'a str)> + use<'a, '_> {
        self.operands.iter().filter_map(|item| Some((*item, item.value().known()?)))
    }
}

impl Manager {
    /// Whether a command is one of its programs.
    pub(crate) fn is(&self, command: Command<'_>) -> bool {
        command.name().is_any(self.programs).is_true()
    }

    /// What a command asks it to do.
    pub(crate) fn action<'a>(&self, command: Command<'a>) -> Option<Action<'a>> {
        self.is(command).then(|| self.read(command, 0, 1)).flatten()
    }

    /// Reads the words from position `from` on.
    fn read<'a>(&self, command: Command<'a>, at: usize, from: usize) -> Option<Action<'a>> {
        let mut items = command.words().items().skip(from);
        let mut found: Option<(&'a str, Item<'a, &'a str>)> = None;
        let mut operands = vec![];
        while let Some(item) = items.next() {
            match item.value().known() {
                Some(word) if self.valued.contains(&word) => _ = items.next(),
                Some(word) if word.starts_with('-') && word.len() > 1 => {}
                Some(word) if found.is_none() => found = Some((word, item)),
                // Before the verb, a word that cannot be told is an option: `apt-get $OPTIONS install`.
                None if found.is_none() => {}
                _ => operands.push(item),
            }
        }
        let (verb, word) = found?;
        Some(Action { at, command, verb, word, operands })
    }

    /// The actions of a RUN whose verb is one of `verbs`.
    pub(crate) fn actions<'a>(&self, run: Instruction<'a>, verbs: &[&str]) -> impl Iterator<Item = Action<'a>> {
        run.commands()
            .iter()
            .enumerate()
            .filter_map(|(at, command)| Some(Action { at, ..self.action(command)? }))
            .filter(|action| verbs.contains(&action.verb))
    }

    /// The installations of a RUN.
    pub(crate) fn installs<'a>(&self, run: Instruction<'a>) -> impl Iterator<Item = Action<'a>> {
        self.actions(run, self.installs)
    }
}

/// The installations by pip of a RUN, as `python -m pip` and `pip3.12` too.
pub(crate) fn pip_installs<'a>(run: Instruction<'a>) -> impl Iterator<Item = Action<'a>> {
    let read = |(at, command): (usize, Command<'a>)| {
        let name = command.name().known()?;
        if PIP.is(command) || name.starts_with("pip3.") || name.starts_with("pip2.") {
            return PIP.read(command, at, 1);
        }
        let words: Vec<Option<&str>> = command.words().items().map(|word| word.value().known()).collect();
        let module = words.iter().position(|word| *word == Some("-m"))?;
        (name.starts_with("python") && words.get(module + 1) == Some(&Some("pip"))).then(|| PIP.read(command, at, module + 2)).flatten()
    };
    run.commands().iter().enumerate().filter_map(read).filter(|action| action.verb == "install")
}

/// What a pacman command does: its operation (`S`) and the letters behind it (`yu`).
pub(crate) fn pacman<'a>(command: Command<'a>) -> Option<(char, &'a str)> {
    if !PACMAN.is(command) {
        return None;
    }
    let word = command.words().items().skip(1).filter_map(|word| word.value().known()).find(|word| !word.starts_with("--"))?;
    let mut letters = word.strip_prefix('-')?.chars();
    let operation = letters.next().filter(char::is_ascii_uppercase)?;
    Some((operation, letters.as_str()))
}
