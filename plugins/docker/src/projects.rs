//! Tools that install what a project's manifest lists: what they are called with, what they read, and how they are told to keep to it. Data.

use plimsoll_sdk::docker::{Command, Instruction, List, Stage, Truth};

/// A tool and all that the rules know of it.
pub(crate) struct Tool {
    pub(crate) program: &'static str,
    /// Words that install; an empty one: the bare command does.
    pub(crate) installs: &'static [&'static str],
    /// What to copy before it; empty if that cannot be said.
    pub(crate) manifests: &'static str,
    /// Its lock files.
    pub(crate) locks: &'static [&'static str],
    /// Flags with which it keeps to the lock file; the first is the one to add. Empty: it does anyway, or knows none.
    pub(crate) frozen: &'static [&'static str],
    /// The same as variables of the environment.
    pub(crate) frozen_env: &'static [&'static str],
    /// Flags that leave out what only development needs; the first is the one to add. Empty: it is left out anyway.
    pub(crate) production: &'static [&'static str],
    /// Variables that do the same.
    pub(crate) production_env: &'static [&'static str],
    /// Where it keeps what it downloads.
    pub(crate) caches: &'static [&'static str],
}

const NONE: Tool = Tool {
    program: "",
    installs: &[],
    manifests: "",
    locks: &[],
    frozen: &[],
    frozen_env: &[],
    production: &[],
    production_env: &[],
    caches: &[],
};

pub(crate) static TOOLS: [Tool; 18] = [
    Tool {
        program: "npm",
        installs: &["install", "i", "ci", "clean-install", "install-clean"],
        manifests: "package*.json",
        locks: &["package-lock.json", "npm-shrinkwrap.json"],
        // `npm ci` is another word, not a flag.
        frozen: &["--no-package-lock", "--package-lock=false"],
        frozen_env: &[],
        production: &["--omit=dev", "--production", "--prod", "--only=production", "--only=prod"],
        production_env: &["NODE_ENV", "NPM_CONFIG_PRODUCTION", "NPM_CONFIG_OMIT"],
        caches: &["/root/.npm", "/home/node/.npm"],
    },
    Tool {
        program: "yarn",
        installs: &["install", ""],
        manifests: "package.json yarn.lock*",
        locks: &["yarn.lock"],
        frozen: &["--frozen-lockfile", "--immutable", "--no-lockfile", "--pure-lockfile"],
        frozen_env: &["YARN_ENABLE_IMMUTABLE_INSTALLS"],
        production: &["--production", "--prod"],
        production_env: &["NODE_ENV", "YARN_PRODUCTION"],
        caches: &["/usr/local/share/.cache/yarn", "/root/.yarn", "/root/.cache/yarn", "/home/node/.cache/yarn"],
    },
    Tool {
        program: "pnpm",
        installs: &["install", "i", "fetch"],
        manifests: "package.json pnpm-lock.yaml*",
        locks: &["pnpm-lock.yaml"],
        frozen: &["--frozen-lockfile", "--offline"],
        frozen_env: &["CI"],
        production: &["--prod", "-P", "--production"],
        production_env: &["NODE_ENV"],
        caches: &["/root/.local/share/pnpm/store", "/pnpm/store", "/root/.pnpm-store"],
    },
    Tool {
        program: "bun",
        installs: &["install", "i"],
        manifests: "package.json bun.lock*",
        locks: &["bun.lock", "bun.lockb"],
        frozen: &["--frozen-lockfile"],
        production: &["--production", "-p", "--omit=dev"],
        production_env: &["NODE_ENV"],
        caches: &["/root/.bun/install/cache"],
        ..NONE
    },
    Tool { program: "pip", installs: &["install"], caches: &["/root/.cache/pip", "/root/.cache"], ..NONE },
    Tool { program: "pip3", installs: &["install"], caches: &["/root/.cache/pip", "/root/.cache"], ..NONE },
    Tool {
        program: "poetry",
        installs: &["install"],
        manifests: "pyproject.toml poetry.lock*",
        locks: &["poetry.lock"],
        production: &["--only=main", "--only", "--without", "--no-dev"],
        production_env: &["POETRY_WITHOUT"],
        caches: &["/root/.cache/pypoetry", "/root/.cache"],
        ..NONE
    },
    Tool {
        program: "uv",
        installs: &["sync"],
        manifests: "pyproject.toml uv.lock*",
        locks: &["uv.lock"],
        frozen: &["--locked", "--frozen"],
        frozen_env: &["UV_FROZEN", "UV_LOCKED"],
        production: &["--no-dev", "--no-default-groups", "--only-group", "--no-group"],
        production_env: &["UV_NO_DEV", "UV_NO_DEFAULT_GROUPS"],
        caches: &["/root/.cache/uv", "/root/.cache"],
    },
    Tool {
        program: "pipenv",
        installs: &["install", "sync"],
        manifests: "Pipfile*",
        locks: &["Pipfile.lock"],
        frozen: &["--deploy", "--ignore-pipfile"],
        caches: &["/root/.cache/pipenv", "/root/.cache"],
        ..NONE
    },
    Tool {
        program: "bundle",
        installs: &["install", ""],
        manifests: "Gemfile*",
        locks: &["Gemfile.lock"],
        frozen: &["--deployment", "--frozen"],
        frozen_env: &["BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"],
        production: &["--without", "--deployment"],
        production_env: &["BUNDLE_WITHOUT", "BUNDLE_DEPLOYMENT"],
        caches: &["/usr/local/bundle/cache", "/root/.bundle/cache"],
    },
    Tool {
        program: "composer",
        installs: &["install"],
        manifests: "composer.json composer.lock*",
        locks: &["composer.lock"],
        production: &["--no-dev"],
        production_env: &["COMPOSER_NO_DEV"],
        caches: &["/tmp/cache", "/root/.composer/cache", "/root/.cache/composer"],
        ..NONE
    },
    Tool { program: "go", installs: &["mod"], manifests: "go.mod go.sum*", locks: &["go.sum"], caches: &["/go/pkg/mod"], ..NONE },
    Tool {
        program: "dotnet",
        installs: &["restore"],
        locks: &["packages.lock.json"],
        frozen: &["--locked-mode"],
        caches: &["/root/.nuget/packages"],
        ..NONE
    },
    Tool {
        program: "cargo",
        installs: &["fetch", "build", "install"],
        manifests: "Cargo.toml Cargo.lock*",
        locks: &["Cargo.lock"],
        frozen: &["--locked", "--frozen"],
        caches: &["/usr/local/cargo/registry", "/root/.cargo/registry"],
        ..NONE
    },
    Tool {
        program: "mvn",
        installs: &["package", "install", "verify", "compile", "dependency:go-offline"],
        caches: &["/root/.m2"],
        ..NONE
    },
    Tool {
        program: "gradle",
        installs: &["build", "assemble", "bootJar", "jar"],
        caches: &["/root/.gradle", "/home/gradle/.gradle"],
        ..NONE
    },
    Tool { program: "conda", installs: &["install", "create"], caches: &["/opt/conda/pkgs"], ..NONE },
    Tool { program: "mamba", installs: &["install", "create"], caches: &["/opt/conda/pkgs"], ..NONE },
];

impl Tool {
    /// Whether a command that is this tool installs what a manifest lists, and no packages by name.
    fn installs_listed(&self, command: Command<'_>) -> bool {
        let verb = command.subcommand();
        let Some(first) = verb.known().or(verb.is_absent().then_some("")) else { return false };
        if !self.installs.contains(&first) || command.words().is_open() {
            return false;
        }
        let named = matches!(self.program, "npm" | "yarn" | "pnpm" | "bun" | "pipenv")
            && (command.arguments().any(|word| word != first) || command.has_any_flag(&["-g", "--global"]).is_true());
        !named
    }

    /// Whether it is told, by one of these flags or variables, at this place of a stage.
    pub(crate) fn is_told(command: Command<'_>, run: Instruction<'_>, stage: Stage<'_>, flags: &[&str], variables: &[&str]) -> Truth {
        let inline = command.assignments().iter().any(|pair| is_one(pair.key().known(), variables));
        let set = |instruction: Instruction<'_>| {
            (instruction.is("ENV") || instruction.is("ARG")) && instruction.pairs().iter().any(|pair| is_one(pair.key().known(), variables))
        };
        let mut stages = core::iter::once(stage).chain(stage.facts().parents().iter());
        let environment = stages.any(|stage| stage.instructions().iter().any(set));
        let exported = run.commands().iter().any(|command| {
            command.is("export") && command.words().iter().any(|word| is_one(word.split_once('=').map(|(name, _)| name), variables))
        });
        Truth::from(inline || environment || exported) | command.has_any_flag(flags)
    }
}

fn is_one(name: Option<&str>, variables: &[&str]) -> bool {
    name.is_some_and(|name| variables.iter().any(|variable| name.eq_ignore_ascii_case(variable)))
}

/// The tools that commands of a RUN are, where they install what a manifest lists.
pub(crate) fn installs<'a>(commands: List<'a, Command<'a>>) -> impl Iterator<Item = (usize, Command<'a>, &'static Tool)> {
    commands.iter().enumerate().filter_map(|(at, command)| {
        let name = command.name().known()?;
        let tool = TOOLS.iter().find(|tool| tool.program == name)?;
        tool.installs_listed(command).then_some((at, command, tool))
    })
}
