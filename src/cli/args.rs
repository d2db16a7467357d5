//! The command line.

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// May this ship? Judges Dockerfiles, Compose projects, Kubernetes manifests and Terraform with sandboxed rules.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 110, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) terminal: Terminal,
}

const EXIT_CODES: &str = "Exit codes: 0 nothing to report; 1 findings at or above --fail-on; 2 usage, configuration or internal error; 3 no input matched; 4 the run is incomplete.";

/// How to write to the terminal.
#[derive(Debug, Args)]
pub(crate) struct Terminal {
    /// When to use colours; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "PLIMSOLL_COLOR", help_heading = "Terminal")]
    pub(crate) color: Color,
    /// Print results only, no summary and no notices of kind template
    #[arg(short, long, global = true, env = "PLIMSOLL_QUIET", help_heading = "Terminal")]
    pub(crate) quiet: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::doc_markdown, reason = "help is printed as it stands")]
pub(crate) enum Command {
    /// Judge files
    Check(Box<Check>),
    /// Write down what is there today, so that from now on only new findings fail
    Baseline(Box<Baseline>),
    /// List the waivers: who, why, until when, and what each hides
    Waivers(Waivers),
    /// Write a plimsoll.toml from the settings of hadolint, Trivy, Checkov, kube-linter, KICS, dclint or tally
    Migrate(Migrate),
    /// Show a framework's controls beside what was found
    Report(Report),
    /// Put the reports of shards together (json or sarif)
    Merge {
        /// The reports, all of one format
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List the rules
    Rules(Rules),
    /// Explain a rule, by our id or a peer's (DL3002, CKV_DOCKER_8, AVD-DS-0002, a KICS uuid)
    Rule(Rule),
    /// Answer a Kubernetes API server's admission reviews
    Serve(Box<Serve>),
    /// Run the examples of your own Markdown rules
    Test(Test),
    /// Make plugins
    #[command(subcommand)]
    Plugin(Plugin),
    /// Serve an editor over standard input and output (Language Server Protocol)
    Lsp(Lsp),
    /// Show the effective settings and where each came from
    Config(Config),
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Judge files.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "these are independent flags, not states of one thing")]
pub(crate) struct Check {
    /// Files and directories; the current directory if none is given
    pub(crate) paths: Vec<PathBuf>,

    /// Format of standard output
    #[arg(long, value_enum, default_value_t = Format::Full, env = "PLIMSOLL_FORMAT", help_heading = "Output")]
    pub(crate) format: Format,
    /// Write a report to a file as well: `--output sarif=plimsoll.sarif`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output, env = "PLIMSOLL_OUTPUT", value_delimiter = ',', help_heading = "Output")]
    pub(crate) output: Vec<(Format, PathBuf)>,
    /// Print how often each rule fired instead of the findings
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,
    /// Whether SARIF carries waived findings, as suppressions
    #[arg(long, value_enum, default_value_t = Suppressed::Omit, env = "PLIMSOLL_SARIF_SUPPRESSED", help_heading = "Output")]
    pub(crate) sarif_suppressed: Suppressed,
    /// Explain a rule instead, by our id or a peer's
    #[arg(long, value_name = "RULE", help_heading = "Output")]
    pub(crate) explain: Option<String>,
    /// Draw no progress bar
    #[arg(long, env = "PLIMSOLL_NO_PROGRESS", help_heading = "Output")]
    pub(crate) no_progress: bool,
    /// Judge again whenever a file changes
    #[arg(long, conflicts_with_all = ["stdin_filename", "output", "update_baseline"], help_heading = "Output")]
    pub(crate) watch: bool,
    /// Judge one part of several, as in 1/4; `plimsoll merge` puts the parts' reports together
    #[arg(long, value_name = "K/N", value_parser = shard, env = "PLIMSOLL_SHARD", help_heading = "Output")]
    pub(crate) shard: Option<(usize, usize)>,
    /// List the files that would be judged, and as what
    #[arg(long, help_heading = "Output")]
    pub(crate) show_files: bool,

    /// Apply safe fixes
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix: bool,
    /// With --fix or --diff: unsafe fixes too
    #[arg(long, help_heading = "Fixes")]
    pub(crate) unsafe_fixes: bool,
    /// Print what the fixes would change, and change nothing; exits 1 if there is anything
    #[arg(long, help_heading = "Fixes")]
    pub(crate) diff: bool,
    /// Let the fixes of a third party's plugin be applied
    #[arg(long, value_name = "PLUGIN", value_delimiter = ',', env = "PLIMSOLL_TRUST_FIXES", help_heading = "Fixes")]
    pub(crate) trust_fixes: Vec<String>,

    #[command(flatten)]
    pub(crate) rules: Selection,

    /// Read one file from standard input, under this name
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Judge each Kubernetes object alone, as the admission webhook would under these settings
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "since"], help_heading = "Admission")]
    pub(crate) as_admission: bool,
    /// Judge what runs in the cluster of the current kubeconfig context, or of the pod this runs in, as the admission webhook would
    #[arg(long, conflicts_with_all = ["paths", "as_admission", "fix", "unsafe_fixes", "diff", "stdin_filename", "show_files", "since"], help_heading = "Admission")]
    pub(crate) cluster: bool,
    /// Only the objects of this namespace
    #[arg(short, long, requires = "cluster", env = "PLIMSOLL_NAMESPACE", help_heading = "Admission")]
    pub(crate) namespace: Option<String>,
    /// Context of the kubeconfig, if not the current one
    #[arg(long, requires = "cluster", env = "PLIMSOLL_CONTEXT", help_heading = "Admission")]
    pub(crate) context: Option<String>,

    /// Exit 0 whatever was found (not for codes 2 to 4)
    #[arg(long, env = "PLIMSOLL_EXIT_ZERO", help_heading = "Exit code")]
    pub(crate) exit_zero: bool,
    /// Do not exit 4 when the run is incomplete
    #[arg(long, env = "PLIMSOLL_ALLOW_INCOMPLETE", help_heading = "Exit code")]
    pub(crate) allow_incomplete: bool,
    /// Least severity that makes the run fail
    #[arg(long, value_name = "SEVERITY", env = "PLIMSOLL_FAIL_ON", help_heading = "Exit code")]
    pub(crate) fail_on: Option<plimsoll_finding::Severity>,

    /// Pass over the findings that this file holds, written by `plimsoll baseline`
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_BASELINE", help_heading = "Known findings")]
    pub(crate) baseline: Option<PathBuf>,
    /// Judge what differs from where this branch, tag or commit was left, and what depends on it; report only what is new
    #[arg(long, value_name = "REV", env = "PLIMSOLL_SINCE", conflicts_with = "stdin_filename", help_heading = "Known findings")]
    pub(crate) since: Option<String>,
    /// Take out of the baseline what is mended; refuses to put anything in without --force
    #[arg(long, requires = "baseline", help_heading = "Known findings")]
    pub(crate) update_baseline: bool,
    /// Let --update-baseline put in what is new
    #[arg(long, requires = "update_baseline", help_heading = "Known findings")]
    pub(crate) force: bool,

    /// Judge as if no waiver had been written
    #[arg(long, help_heading = "Rules")]
    pub(crate) no_waivers: bool,
    /// Keep results in this directory, and take from it what would come out the same
    #[arg(long, value_name = "DIR", env = "PLIMSOLL_RESULT_CACHE", help_heading = "Files")]
    pub(crate) cache: Option<PathBuf>,
    /// Threads; 0 for one per core
    #[arg(long, default_value_t = 0, env = "PLIMSOLL_JOBS", help_heading = "Terminal")]
    pub(crate) jobs: usize,
}

/// Write down what is there today.
#[derive(Debug, Args)]
pub(crate) struct Baseline {
    /// Files and directories; the current directory if none is given
    pub(crate) paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "plimsoll-baseline.json", env = "PLIMSOLL_BASELINE")]
    pub(crate) output: PathBuf,
    /// Write it although it exists
    #[arg(long)]
    pub(crate) force: bool,
    /// Write it although not everything could be judged
    #[arg(long)]
    pub(crate) allow_incomplete: bool,

    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Serve an editor.
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// What it does anyway; some clients insist on saying so
    #[arg(long, hide = true)]
    pub(crate) stdio: bool,
    /// The editor's process, as some clients say it; the server ends with its standard input
    #[arg(long = "clientProcessId", hide = true)]
    pub(crate) client: Option<u32>,
    /// Let the fixes of a third party's plugin be applied
    #[arg(long, value_name = "PLUGIN", value_delimiter = ',', env = "PLIMSOLL_TRUST_FIXES", help_heading = "Fixes")]
    pub(crate) trust_fixes: Vec<String>,

    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Answer admission reviews. Everything here can be set in [serve] of plimsoll.toml too.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "these are independent flags, not states of one thing")]
pub(crate) struct Serve {
    /// Address of the HTTPS port
    #[arg(long, value_name = "ADDRESS", env = "PLIMSOLL_SERVE_LISTEN", help_heading = "Ports")]
    pub(crate) listen: Option<String>,
    /// Address of the plain port for health and metrics
    #[arg(long, value_name = "ADDRESS", env = "PLIMSOLL_SERVE_OPS_LISTEN", help_heading = "Ports")]
    pub(crate) ops_listen: Option<String>,
    /// Certificate chain, PEM; read again when it changes
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_SERVE_TLS_CERT", help_heading = "Certificate")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_SERVE_TLS_KEY", help_heading = "Certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Make a certificate, keep it in a secret, and let the webhook configurations trust it
    #[arg(long, env = "PLIMSOLL_SERVE_SELF_SIGNED", value_parser = BoolishValueParser::new(), help_heading = "Certificate")]
    pub(crate) self_signed: bool,
    /// Authorities that clients' certificates must come from, PEM
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_SERVE_CLIENT_CA", help_heading = "Certificate")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Common names that clients' certificates may have
    #[arg(long, value_name = "NAME", value_delimiter = ',', env = "PLIMSOLL_SERVE_CLIENT_NAMES", help_heading = "Certificate")]
    pub(crate) client_names: Vec<String>,
    /// The namespace this runs in, if it is not a pod
    #[arg(long, value_name = "NAME", env = "PLIMSOLL_SERVE_NAMESPACE", help_heading = "Cluster")]
    pub(crate) namespace: Option<String>,
    /// The service that the API server reaches it by
    #[arg(long, value_name = "NAME", env = "PLIMSOLL_SERVE_SERVICE", help_heading = "Cluster")]
    pub(crate) service: Option<String>,
    /// The secret for a certificate of its own
    #[arg(long, value_name = "NAME", env = "PLIMSOLL_SERVE_SECRET", help_heading = "Cluster")]
    pub(crate) secret: Option<String>,
    /// Name of the webhook configurations
    #[arg(long, value_name = "NAME", env = "PLIMSOLL_SERVE_WEBHOOK", help_heading = "Cluster")]
    pub(crate) webhook: Option<String>,
    /// Look for no cluster: no labels of namespaces
    #[arg(long, env = "PLIMSOLL_SERVE_NO_CLUSTER", value_parser = BoolishValueParser::new(), help_heading = "Cluster")]
    pub(crate) no_cluster: bool,
    /// What a request is answered that cannot be judged
    #[arg(long, value_enum, env = "PLIMSOLL_SERVE_FAILURE_POLICY", help_heading = "Verdict")]
    pub(crate) failure_policy: Option<FailurePolicy>,
    /// Admit everything, and report what would have been refused: at /report, and on standard output at the end
    #[arg(long, env = "PLIMSOLL_SERVE_DRY_RUN_REPORT", value_parser = BoolishValueParser::new(), help_heading = "Verdict")]
    pub(crate) dry_run_report: bool,
    /// Let third parties' plugins change objects
    #[arg(long, value_name = "PLUGIN", value_delimiter = ',', env = "PLIMSOLL_TRUST_FIXES", help_heading = "Verdict")]
    pub(crate) trust_fixes: Vec<String>,
    /// Longest time from a request's arrival to its answer
    #[arg(long, value_name = "TIME", value_parser = duration, env = "PLIMSOLL_SERVE_DEADLINE", help_heading = "Limits")]
    pub(crate) deadline: Option<Duration>,
    /// How long requests are taken after the signal to end
    #[arg(long, value_name = "TIME", value_parser = duration, env = "PLIMSOLL_SERVE_DRAIN", help_heading = "Limits")]
    pub(crate) drain: Option<Duration>,
    /// Requests that may wait for a thread
    #[arg(long, value_name = "COUNT", env = "PLIMSOLL_SERVE_QUEUE", help_heading = "Limits")]
    pub(crate) queue: Option<u64>,
    /// Threads that judge; 0 for one per core
    #[arg(long, value_name = "COUNT", env = "PLIMSOLL_SERVE_THREADS", help_heading = "Limits")]
    pub(crate) threads: Option<u64>,
    /// Largest body of a request in bytes
    #[arg(long, value_name = "BYTES", env = "PLIMSOLL_SERVE_MAX_BODY", help_heading = "Limits")]
    pub(crate) max_body: Option<u64>,
    /// Least severe log lines: error, warn, info, debug
    #[arg(long, value_name = "LEVEL", env = "PLIMSOLL_LOG", help_heading = "Logs")]
    pub(crate) log: Option<String>,
    /// Where OpenTelemetry traces go, as in `http://collector:4318`
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT", help_heading = "Logs")]
    pub(crate) otlp_endpoint: Option<String>,

    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// What a request is answered that cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailurePolicy {
    /// Refused.
    Fail,
    /// Admitted, with a warning.
    Ignore,
}

impl Serve {
    /// What was given, as settings over those of the file. Paths are relative to the working directory here.
    pub(crate) fn layer(&self, cwd: &Path) -> plimsoll_config::Serve {
        let here = |path: &Option<PathBuf>| path.as_ref().map(|path| cwd.join(path));
        plimsoll_config::Serve {
            listen: self.listen.clone(),
            ops_listen: self.ops_listen.clone(),
            tls_cert: here(&self.tls_cert),
            tls_key: here(&self.tls_key),
            client_ca: here(&self.client_ca),
            client_names: self.client_names.clone(),
            self_signed: self.self_signed.then_some(true),
            namespace: self.namespace.clone(),
            service: self.service.clone(),
            secret: self.secret.clone(),
            webhook: self.webhook.clone(),
            failure_policy: self.failure_policy.map(|policy| match policy {
                FailurePolicy::Fail => plimsoll_config::FailurePolicy::Fail,
                FailurePolicy::Ignore => plimsoll_config::FailurePolicy::Ignore,
            }),
            trust_fixes: self.trust_fixes.clone(),
            deadline: self.deadline,
            drain: self.drain,
            queue: self.queue,
            threads: self.threads,
            max_body: self.max_body,
            dry_run_report: self.dry_run_report.then_some(true),
            log: self.log.clone(),
            otlp_endpoint: self.otlp_endpoint.clone(),
            ..plimsoll_config::Serve::default()
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    plimsoll_config::parse_duration(text).ok_or_else(|| format!("`{text}` is no time such as 8s, 500ms or 2m"))
}

/// Which rules run, and where the settings come from.
#[derive(Debug, Args, Clone, Default)]
pub(crate) struct Selection {
    /// Rules to run instead of the recommended ones: ALL, a target, `docker/apt-*`, an id, a peer's id, `profile:strict`, `control:cis-docker:4.1`
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', env = "PLIMSOLL_SELECT", help_heading = "Rules")]
    pub(crate) select: Vec<String>,
    /// Rules to run besides
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', env = "PLIMSOLL_EXTEND_SELECT", help_heading = "Rules")]
    pub(crate) extend_select: Vec<String>,
    /// Rules not to run
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', env = "PLIMSOLL_IGNORE", help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// A third party's plugin; may be given several times
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_PLUGIN", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) plugin: Vec<PathBuf>,
    /// Settings from this file for everything
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_CONFIG", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,
    /// The organisation's configuration: below every project's, and what it locks no project can loosen
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_ORG_CONFIG", help_heading = "Settings")]
    pub(crate) org_config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long, conflicts_with = "config", env = "PLIMSOLL_ISOLATED", value_parser = BoolishValueParser::new(), help_heading = "Settings")]
    pub(crate) isolated: bool,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(clippy::doc_markdown, reason = "help is printed as it stands")]
pub(crate) enum Format {
    /// Source, reason and fix of every finding.
    Full,
    /// A line per finding.
    Concise,
    /// Everything, for machines (schema plimsoll/check/1).
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow commands.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Reviewdog's diagnostics.
    Rdjson,
    /// A pull request's comment.
    Markdown,
    /// One page for a browser.
    Html,
}

/// What SARIF does with waived findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suppressed {
    /// Leaves them out: GitHub shows suppressed results as open alerts.
    Omit,
    /// Writes them with their suppressions.
    Include,
}

/// Explain a rule.
#[derive(Debug, Args)]
pub(crate) struct Rule {
    /// Our id, or a peer's
    pub(crate) id: String,
    /// Format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Write a plimsoll.toml from the peers' settings.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Settings files; those with the usual names in this directory if none is given
    pub(crate) files: Vec<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "plimsoll.toml")]
    pub(crate) output: PathBuf,
    /// Print it instead
    #[arg(long)]
    pub(crate) stdout: bool,
    /// Write it although it exists
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Show a framework's controls beside what was found.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// Files and directories; the current directory if none is given
    pub(crate) paths: Vec<PathBuf>,
    /// cis-docker, cis-kubernetes, nsa, pss, nist-800-190 or soc2
    #[arg(long)]
    pub(crate) framework: String,
    /// Format
    #[arg(long, value_enum, default_value_t = FrameworkFormat::Markdown)]
    pub(crate) format: FrameworkFormat,
    /// Exit 1 if a control fails
    #[arg(long)]
    pub(crate) fail: bool,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Formats of a framework's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FrameworkFormat {
    /// Tables.
    Markdown,
    /// One page.
    Html,
    /// For machines.
    Json,
    /// For spreadsheets.
    Csv,
}

/// List the waivers.
#[derive(Debug, Args)]
pub(crate) struct Waivers {
    /// Files and directories; the current directory if none is given
    pub(crate) paths: Vec<PathBuf>,
    /// Format
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
    /// Days before its end from which a waiver is said to end soon
    #[arg(long, value_name = "DAYS", default_value_t = 30, env = "PLIMSOLL_SOON")]
    pub(crate) soon: u16,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For a page or a comment.
    Markdown,
}

/// List the rules.
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

/// Formats of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Run the examples of Markdown rules.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Rules, or directories of them; `[rules] path` of the configuration if none is given
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// Start a plugin: a project with a working rule and its test
    New {
        /// Its name, which is the namespace of its rules
        name: String,
    },
    /// Build the component of the plugin in this directory
    Build {
        /// The plugin's directory
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
    /// Build the plugin in this directory and run its rules' examples
    Test {
        /// The plugin's directory
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
    /// Show what a component is: rules, keys, imports
    Inspect {
        /// The component
        file: PathBuf,
    },
}

/// Show the effective settings.
#[derive(Debug, Args)]
pub(crate) struct Config {
    /// Print the JSON Schema of plimsoll.toml instead
    #[arg(long)]
    pub(crate) schema: bool,
    /// The file or directory whose settings are shown
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) rules: Selection,
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE, as in sarif=plimsoll.sarif")?;
    let format =
        <Format as ValueEnum>::from_str(format, true).map_err(|_| format!("unknown format `{format}`, expected {}", names::<Format>()))?;
    if file.is_empty() { Err("the file is missing".to_owned()) } else { Ok((format, file.into())) }
}

/// `1/4` as part 0 of 4.
fn shard(text: &str) -> Result<(usize, usize), String> {
    let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse::<usize>().ok()?, parts.parse::<usize>().ok()?)));
    match numbers {
        Some((part, parts)) if part >= 1 && part <= parts => Ok((part - 1, parts)),
        _ => Err("expected PART/PARTS, as in 1/4".to_owned()),
    }
}

/// The values of an argument, for messages.
fn names<T: ValueEnum>() -> String {
    let names: Vec<String> =
        T::value_variants().iter().filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned())).collect();
    names.join(", ")
}
