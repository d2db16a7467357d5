//! Flags of the cluster's own components, as static pods and kubelet configurations have them.

use plimsoll_sdk::kubernetes::{Container, Dyn, Node, Object, Report, State};

/// What a flag must be.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// Given, with a value.
    Given,
    /// Not given.
    Omitted,
    /// This; what absence means is not this.
    Is(&'static str),
    /// This if it is given; what absence means is fine.
    Only(&'static str),
    /// Anything but this; what absence means is fine.
    Not(&'static str),
    /// A number of at least this; absence is too little.
    AtLeast(f64),
    /// A list that holds this; absence does not.
    Holds(&'static str),
    /// A list without this; absence is fine.
    Lacks(&'static str),
    /// A list of strong cipher suites; absence is fine.
    StrongCiphers,
}

/// A flag of a component, and what it must be.
pub(crate) struct Flag {
    /// Programs that have it.
    pub(crate) programs: &'static [&'static str],
    /// The flag, without dashes.
    pub(crate) name: &'static str,
    /// What it must be.
    pub(crate) wanted: Wanted,
    /// The same in a component's configuration file.
    pub(crate) config: Option<Config>,
}

/// A setting of a component's configuration file.
pub(crate) struct Config {
    /// Kind of the file.
    pub(crate) kind: &'static str,
    /// The setting, as a dotted path.
    pub(crate) path: &'static str,
    /// Whether its default is what must not be.
    pub(crate) needed: bool,
}

/// Programs whose settings mostly stand in a file, so that a flag that is missing says something only beside others.
const CONFIGURED_BY_FILE: [&str; 2] = ["kubelet", "kube-scheduler"];

/// Cipher suites with forward secrecy and authenticated encryption, by the names that Go gives them.
const CIPHERS: [&str; 11] = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

/// What a command line says of a flag.
enum Found<'a> {
    Value(&'a str, Node<'a>),
    Absent,
    /// A word cannot be told, so the flag may be there.
    Unknown,
}

impl Wanted {
    fn holds(self, value: &str) -> bool {
        let mut items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        match self {
            Self::Given => !value.is_empty(),
            Self::Omitted => false,
            Self::Is(wanted) | Self::Only(wanted) => value.eq_ignore_ascii_case(wanted),
            Self::Not(refused) => !value.eq_ignore_ascii_case(refused),
            Self::AtLeast(least) => value.parse::<f64>().is_ok_and(|number| number >= least),
            Self::Holds(item) => items.any(|found| found == item),
            Self::Lacks(item) => items.all(|found| found != item),
            Self::StrongCiphers => items.all(|suite| CIPHERS.contains(&suite)),
        }
    }

    const fn needs_it(self) -> bool {
        matches!(self, Self::Given | Self::Is(_) | Self::AtLeast(_) | Self::Holds(_))
    }

    fn example(self, name: &str) -> String {
        match self {
            Self::Is(value) | Self::Holds(value) => format!("--{name}={value}"),
            Self::AtLeast(least) => format!("--{name}={least}"),
            _ => format!("--{name}"),
        }
    }
}

impl Flag {
    /// Judges the containers of an object that run the component, and the object if it is the component's configuration.
    pub(crate) fn judge(&self, object: Object<'_>, report: &mut Report<'_>) {
        for container in object.facts().pod().containers() {
            if let Some(program) = self.program(container) {
                self.judge_command(container, program, report);
            }
        }
        if let Some(config) = self.config.as_ref().filter(|config| object.kind().is(config.kind).is_true()) {
            self.judge_config(object, config, report);
        }
    }

    fn program(&self, container: Container<'_>) -> Option<&'static str> {
        // A launcher such as `hyperkube` may stand in front.
        words(container).take(2).find_map(|word| {
            let name = word?.0.split_whitespace().next().filter(|name| !name.starts_with('-'))?;
            let name = name.rsplit('/').next()?;
            self.programs.iter().copied().find(|program| *program == name)
        })
    }

    fn judge_command(&self, container: Container<'_>, program: &str, report: &mut Report<'_>) {
        match self.find(container) {
            Found::Value(value, at) if !self.wanted.holds(value) => {
                report.at(at).message(format!("{program} runs with `--{}={value}`", self.name));
            }
            Found::Absent if self.wanted.needs_it() && !by_file(container, program) => {
                report.here().span(container.span()).message(format!("{program} runs without `{}`", self.wanted.example(self.name)));
            }
            _ => {}
        }
    }

    fn find<'a>(&self, container: Container<'a>) -> Found<'a> {
        if container.command().is_open() || container.args().is_open() || container.command().is_unknown() || container.args().is_unknown()
        {
            return Found::Unknown;
        }
        let mut unknown = false;
        let mut all = words(container).peekable();
        while let Some(word) = all.next() {
            let Some((text, at)) = word else {
                unknown = true;
                continue;
            };
            let Some(rest) = text.trim().strip_prefix("--").and_then(|text| text.strip_prefix(self.name)) else { continue };
            match rest.strip_prefix('=') {
                Some(value) => return Found::Value(value.trim_matches(['"', '\'']), at),
                None if rest.is_empty() => {
                    // `--flag value` as two words; a flag alone is true.
                    let value = all.peek().copied().flatten().map(|(next, _)| next).filter(|next| !next.starts_with('-'));
                    return Found::Value(value.unwrap_or("true"), at);
                }
                None => {}
            }
        }
        if unknown { Found::Unknown } else { Found::Absent }
    }

    fn judge_config(&self, object: Object<'_>, config: &Config, report: &mut Report<'_>) {
        let field = Dyn::new(object.node()).attr(config.path);
        let value = match field.read() {
            State::Known(value) => value,
            State::Absent if config.needed => {
                report.here().message(format!("the {} does not set `{}`", config.kind, config.path));
                return;
            }
            _ => return,
        };
        let node = value.node();
        let text = match (node.as_str(), node.as_bool(), node.as_f64()) {
            (Some(text), ..) => text.to_owned(),
            (_, Some(flag), _) => flag.to_string(),
            (.., Some(number)) => number.to_string(),
            _ => value.strings().iter().collect::<Vec<_>>().join(","),
        };
        if !self.wanted.holds(&text) {
            report.at_key(field).message(format!("the {} has `{}: {text}`", config.kind, config.path));
        }
    }
}

/// Whether what a program does not say on its command line may stand in its configuration file.
fn by_file(container: Container<'_>, program: &str) -> bool {
    let mut flags = words(container).flatten().map(|(word, _)| word.trim()).filter(|word| word.starts_with("--")).peekable();
    CONFIGURED_BY_FILE.contains(&program)
        && (flags.peek().is_none() || flags.any(|flag| flag == "--config" || flag.starts_with("--config=")))
}

/// The words of a container's command line; `None` for one that cannot be told.
fn words<'a>(container: Container<'a>) -> impl Iterator<Item = Option<(&'a str, Node<'a>)>> {
    let items = container.command().items().chain(container.args().items());
    items.map(|item| item.value().known().map(|text| (text, item.node())))
}
