//! Reading front matter.

use crate::fence::Parts;
use crate::yaml::{self, Entry, Value, Yaml};
use crate::{ConditionSource, Judged, Located, Logic, Needs, OpSource, OptionSource, RuleError};
use plimsoll_condition::Json;
use plimsoll_finding::{Applicability, List, OptionSpec, Profile, RuleMeta, Severity, Text};

pub(crate) struct FrontMatter {
    pub(crate) meta: RuleMeta,
    pub(crate) judged: Judged,
    pub(crate) needs: Needs,
    pub(crate) relations: Vec<String>,
    pub(crate) logic: Logic,
}

const KEYS: [&str; 19] = [
    "title",
    "severity",
    "profile",
    "fix",
    "aliases",
    "related",
    "controls",
    "cwe",
    "since",
    "options",
    "target",
    "for",
    "needs-command",
    "needs-text",
    "relations",
    "require",
    "at",
    "message",
    "ops",
];
const OPTION_TYPES: [&str; 5] = ["bool", "number", "string", "list<string>", "map<string>"];
const OP_KINDS: [&str; 8] = ["set", "insert-before", "insert-after", "append", "remove", "rename", "replace-source", "create-file"];

struct Reader<'r> {
    path: &'r str,
    entries: Vec<Entry>,
    faults: &'r mut Vec<RuleError>,
}

/// Reads the front matter of a rule; `None` where something is missing without which nothing else can be read. Faults are added to `faults`.
pub(crate) fn read(path: &str, target: Option<&str>, parts: &Parts, faults: &mut Vec<RuleError>) -> Option<FrontMatter> {
    let fail = |line: u32, cause: String| RuleError::new(path, line, cause);
    let entries = match yaml::parse(&parts.front) {
        Ok(Yaml { value: Value::Map(entries), .. }) => entries,
        Ok(other) => {
            faults.push(fail(other.line, "front matter must be a map".to_owned()));
            return None;
        }
        Err((line, cause)) => {
            faults.push(fail(line, cause));
            return None;
        }
    };
    for entry in &entries {
        if !KEYS.contains(&entry.key.as_str()) {
            faults.push(fail(entry.line, format!("unknown front matter key `{}`, expected one of {}", entry.key, KEYS.join(", "))));
        }
    }
    let mut reader = Reader { path, entries, faults };
    let id = reader.id()?;
    let target = reader.target(target)?;
    let title = reader.required("title");
    let severity = reader.parsed("severity", "", str::parse::<Severity>).unwrap_or(Severity::Medium);
    let profile = reader.parsed("profile", "recommended", profile).unwrap_or(Profile::All);
    let fix = reader.parsed("fix", "none", applicability).unwrap_or(None);
    let options = reader.options();
    let meta = RuleMeta {
        plugin: id.split('/').next().unwrap_or_default().to_owned().into(),
        id: id.into(),
        target: target.clone().into(),
        title: title.into(),
        severity,
        profile,
        fix,
        aliases: reader.references("aliases", "a peer's rule is spelled `peer:ID`, as in `hadolint:DL3002`"),
        related: reader.references("related", "a peer's rule is spelled `peer:ID`, as in `hadolint:DL3002`"),
        controls: reader.references("controls", "a control is spelled `framework:id`, as in `cis-docker:4.1`"),
        cwe: reader.numbers("cwe").into(),
        since: reader.text("since").map(|text| text.value).unwrap_or_default().into(),
        options: options.into(),
        doc: parts.prose.clone().into(),
    };
    if parts.prose.is_empty() {
        reader.fault(0, "the prose is missing: say what is wrong, why it matters, how to fix it, when to leave it");
    }
    let judged_text = reader.text("for").unwrap_or_default();
    let judged = Judged::parse(&target, &judged_text.value).map_err(|cause| reader.fault(judged_text.line, cause)).ok();
    let relations = reader.located_list("relations");
    let needs = reader.needs(&judged_text.value);
    let logic = reader.logic(&meta, judged_text, relations.clone());
    Some(FrontMatter { meta, judged: judged?, needs, relations: relations.into_iter().map(|relation| relation.value).collect(), logic })
}

impl Reader<'_> {
    fn fault(&mut self, line: u32, cause: impl Into<String>) {
        self.faults.push(RuleError::new(self.path, line, cause));
    }

    /// A fault where a value would stand.
    fn refuse<T>(&mut self, line: u32, cause: impl Into<String>) -> Option<T> {
        self.fault(line, cause);
        None
    }

    fn entry(&self, key: &str) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.key == key && !entry.value.is_null()).cloned()
    }

    /// `<namespace>/<name>` from the path.
    fn id(&mut self) -> Option<String> {
        let path = self.path.strip_suffix(".md").unwrap_or(self.path);
        let mut parts = path.rsplit('/');
        let (name, namespace) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if !is_kebab(name) || !is_kebab(namespace) {
            let cause =
                format!("the id is folder and file name, `{namespace}/{name}` here: both must be kebab-case and start with a letter");
            return self.refuse(0, cause);
        }
        Some(format!("{namespace}/{name}"))
    }

    fn target(&mut self, folder: Option<&str>) -> Option<String> {
        match (folder, self.text("target")) {
            (Some(target), None) => Some(target.to_owned()),
            (Some(target), Some(text)) if text.value == target => Some(text.value),
            (Some(target), Some(text)) => self.refuse(text.line, format!("`target` is {target} here, as the folder says; leave it out")),
            (None, Some(text)) => Some(text.value),
            (None, None) => self.refuse(1, "front matter lacks `target: docker`, `compose`, `kubernetes` or `terraform`"),
        }
    }

    fn text(&mut self, key: &str) -> Option<Located<String>> {
        let entry = self.entry(key)?;
        let Some(text) = entry.value.text() else {
            self.fault(entry.line, format!("`{key}` must be text"));
            return None;
        };
        Some(Located::new(text.to_owned(), entry.value.line, entry.value.column))
    }

    fn required(&mut self, key: &str) -> String {
        self.text(key).map_or_else(
            || {
                self.fault(1, format!("front matter lacks `{key}`"));
                String::new()
            },
            |text| text.value,
        )
    }

    /// A word that must be one of a few; `default` stands in where it is absent, and an empty one means that it must be there.
    fn parsed<T>(&mut self, key: &str, default: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let line = self.entry(key).map_or(1, |entry| entry.line);
        let text = if default.is_empty() { self.required(key) } else { self.text(key).map_or(default.to_owned(), |text| text.value) };
        if text.is_empty() {
            return None;
        }
        parse(&text).map_err(|cause| self.fault(line, cause)).ok()
    }

    fn items(&mut self, key: &str) -> Vec<Yaml> {
        match self.entry(key) {
            None => vec![],
            Some(Entry { value: Yaml { value: Value::List(items), .. }, .. }) => items,
            Some(entry) => {
                self.fault(entry.line, format!("`{key}` must be a list"));
                vec![]
            }
        }
    }

    fn located_list(&mut self, key: &str) -> Vec<Located<String>> {
        let items = self.items(key);
        let texts = items.iter().filter_map(|item| match item.text() {
            Some(text) => Some(Located::new(text.to_owned(), item.line, item.column)),
            None => self.refuse(item.line, format!("`{key}` must be a list of words")),
        });
        texts.collect()
    }

    fn needs(&mut self, judged: &str) -> Needs {
        let commands = self.located_list("needs-command");
        if let Some(first) = commands.first().filter(|_| !judged.starts_with("instruction") && !judged.starts_with("stage")) {
            self.fault(first.line, "`needs-command` is about commands; it goes with `for: instruction RUN` or `for: stage`");
        }
        let text = self.located_list("needs-text");
        let words = |list: Vec<Located<String>>| list.into_iter().map(|word| word.value).collect();
        Needs { commands: words(commands), text: words(text) }
    }

    fn references(&mut self, key: &str, wrong: &str) -> List<Text> {
        let mut out: Vec<Text> = vec![];
        for item in self.located_list(key) {
            if !item.value.split_once(':').is_some_and(|(peer, id)| is_kebab(peer) && !id.trim().is_empty()) {
                self.fault(item.line, format!("`{}` in `{key}`: {wrong}", item.value));
            } else if out.iter().any(|other| *other == item.value) {
                self.fault(item.line, format!("`{}` stands twice in `{key}`", item.value));
            }
            out.push(item.value.into());
        }
        out.into()
    }

    fn numbers(&mut self, key: &str) -> Vec<u32> {
        let items = self.located_list(key);
        let numbers = items.iter().filter_map(|item| match item.value.parse() {
            Ok(number) => Some(number),
            Err(_) => self.refuse(item.line, format!("`{}` in `{key}` is not a number", item.value)),
        });
        numbers.collect()
    }

    fn options(&mut self) -> Vec<OptionSpec> {
        let entries = match self.entry("options") {
            None => return vec![],
            Some(Entry { value: Yaml { value: Value::Map(entries), .. }, .. }) => entries,
            Some(entry) => {
                self.fault(entry.line, "`options` must be a map of names to {type, default, doc}");
                return vec![];
            }
        };
        let mut options: Vec<OptionSpec> = vec![];
        for entry in entries {
            match option(&entry) {
                Ok(spec) => options.push(spec),
                Err(cause) => self.fault(entry.line, format!("option `{}` {cause}", entry.key)),
            }
        }
        options.sort_by(|a, b| a.name.cmp(&b.name));
        options
    }

    fn logic(&mut self, meta: &RuleMeta, mut judged: Located<String>, relations: Vec<Located<String>>) -> Logic {
        let (at, message) = (self.text("at"), self.text("message"));
        let ops = self.ops();
        let Some(require) = self.block_text("require") else {
            for key in ["at", "message", "ops"] {
                if let Some(entry) = self.entry(key) {
                    self.fault(entry.line, format!("`{key}` belongs to a condition, and there is no `require`"));
                }
            }
            return Logic::Function;
        };
        if judged.value.is_empty() {
            let root = plimsoll_document::schema::root(&meta.target).map_or("", |ty| ty.name);
            judged = Located::new(root.to_owned(), 1, 0);
        }
        // Whether any are written: one that cannot be read has a fault of its own.
        let written = matches!(self.entry("ops"), Some(Entry { value: Yaml { value: Value::List(items), .. }, .. }) if !items.is_empty());
        if meta.fix.is_some() != written {
            self.fault(1, "a condition has `ops` where `fix` is safe or unsafe, and only there");
        }
        let options = meta.options.iter().map(|spec| OptionSource { name: spec.name.to_string(), ty: spec.ty.to_string() });
        Logic::Condition(Box::new(ConditionSource {
            target: meta.target.to_string(),
            title: meta.title.to_string(),
            judged,
            require,
            at,
            message,
            relations,
            ops,
            safe: meta.fix == Some(Applicability::Safe),
            options: options.collect(),
        }))
    }

    /// Text whose line is that of its first line, block scalars included.
    fn block_text(&mut self, key: &str) -> Option<Located<String>> {
        let line = self.entry(key)?.line;
        let mut text = self.text(key)?;
        // A block scalar's text starts below its key, wherever the parser's marker stands.
        if text.column == 0 && text.value.ends_with('\n') {
            text.line = line + 1;
        }
        Some(text)
    }

    fn ops(&mut self) -> Vec<OpSource> {
        let items = self.items("ops");
        let ops = items.into_iter().filter_map(|item| match op(&item) {
            Ok(op) => Some(op),
            Err(cause) => self.refuse(item.line, cause),
        });
        ops.collect()
    }
}

fn option(entry: &Entry) -> Result<OptionSpec, String> {
    let Value::Map(fields) = &entry.value.value else { return Err("must be a map of type, default and doc".to_owned()) };
    if let Some(field) = fields.iter().find(|field| !["type", "default", "doc"].contains(&field.key.as_str())) {
        return Err(format!("has an unknown key `{}`", field.key));
    }
    let field = |name: &str| fields.iter().find(|field| field.key == name).map(|field| &field.value);
    let ty = field("type").and_then(Yaml::text).ok_or("lacks `type`")?;
    let doc = field("doc").and_then(Yaml::text).filter(|doc| !doc.is_empty()).ok_or("lacks `doc`")?;
    let default = field("default").ok_or("lacks `default`")?.json();
    let fits = match ty {
        "bool" => default.is_boolean(),
        "number" => default.is_number(),
        "string" => default.is_string(),
        "list<string>" => default.as_array().is_some_and(|items| items.iter().all(serde_json::Value::is_string)),
        "map<string>" => default.as_object().is_some_and(|entries| entries.values().all(serde_json::Value::is_string)),
        _ => return Err(format!("has type `{ty}`, expected one of {}", OPTION_TYPES.join(", "))),
    };
    if !fits {
        return Err(format!("has a default that is no {ty}"));
    }
    if !entry.key.starts_with(|c: char| c.is_ascii_lowercase())
        || !entry.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        return Err("must be named in kebab-case".to_owned());
    }
    Ok(OptionSpec {
        name: entry.key.clone().into(),
        ty: ty.to_owned().into(),
        default: default.to_string().into(),
        doc: doc.to_owned().into(),
    })
}

fn op(item: &Yaml) -> Result<OpSource, String> {
    let Value::Map(entries) = &item.value else { return Err("an op is written `{set: /pointer, to: value}`".to_owned()) };
    let (mut kinds, mut to) = (vec![], None);
    for entry in entries {
        if entry.key == "to" {
            to = Some(json(&entry.value.json()));
        } else if OP_KINDS.contains(&entry.key.as_str()) {
            kinds.push(entry);
        } else {
            return Err(format!("unknown key `{}` in an op, expected `to` or one of {}", entry.key, OP_KINDS.join(", ")));
        }
    }
    let [kind] = kinds[..] else { return Err("an op has exactly one of set, append, remove …".to_owned()) };
    let key = kind.value.text().ok_or("the pointer of an op must be text")?.to_owned();
    Ok(OpSource { kind: kind.key.clone(), key, to, line: item.line })
}

/// The same value as the condition crate holds it.
pub(crate) fn json(value: &serde_json::Value) -> Json {
    use serde_json::Value;
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => Json::Number(value.as_f64().unwrap_or_default()),
        Value::String(value) => Json::String(value.clone()),
        Value::Array(items) => Json::List(items.iter().map(json).collect()),
        Value::Object(entries) => Json::Map(entries.iter().map(|(key, value)| (key.clone(), json(value))).collect()),
    }
}

pub(crate) fn profile(text: &str) -> Result<Profile, String> {
    [Profile::Recommended, Profile::Strict, Profile::All]
        .into_iter()
        .find(|profile| profile.name() == text)
        .ok_or_else(|| format!("unknown profile `{text}`, expected recommended, strict or all"))
}

pub(crate) fn applicability(text: &str) -> Result<Option<Applicability>, String> {
    match text {
        "none" => Ok(None),
        "safe" => Ok(Some(Applicability::Safe)),
        "unsafe" => Ok(Some(Applicability::Unsafe)),
        _ => Err(format!("unknown fix `{text}`, expected none, safe or unsafe")),
    }
}

fn is_kebab(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
