use crate::options::HardcodedSecret;
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};
use plimsoll_sdk::document::Flags;
use plimsoll_sdk::terraform::{Kind, Module, Node, Report, Severity};

/// Arguments whose text is a script or a document.
const SCRIPTS: [&str; 8] = [
    "user_data",
    "user_data_base64",
    "custom_data",
    "container_definitions",
    "content",
    "startup_script",
    "metadata_startup_script",
    "inline",
];

pub fn check(module: Module, options: &HardcodedSecret, report: &mut Report) {
    let mut search = Search { options, report };
    for body in module.resources().items().chain(module.data().items()) {
        search.below(body.node(), "body", 0);
    }
    let others = [
        module.providers().items().map(|item| item.node()).collect::<Vec<_>>(),
        module.modules().items().map(|item| item.node()).collect(),
    ];
    for node in others.into_iter().flatten() {
        search.below(node, "body", 0);
    }
    for settings in module.terraform() {
        for backend in settings.backend().items() {
            search.below(backend.node(), "body", 0);
        }
    }
    for local in module.locals().entries() {
        search.value(local.node(), local.key());
    }
    for variable in module.variables() {
        if let (Some(name), Some(default)) = (variable.name().known(), variable.default().node()) {
            search.default(default, name);
        }
    }
}

struct Search<'s, 'r, 'a> {
    options: &'s HardcodedSecret,
    report: &'r mut Report<'a>,
}

impl Search<'_, '_, '_> {
    fn below(&mut self, node: Node<'_>, key: &str, depth: u32) {
        if let Some(body) = node.get_text(key).known() {
            for child in body.children() {
                self.tree(child, child.key(), depth);
            }
        }
    }

    /// The depth of a document is bounded by the host.
    fn tree(&mut self, node: Node<'_>, name: &str, depth: u32) {
        if node.is_ref() || depth > 64 {
            return;
        }
        match node.kind() {
            Kind::Map => {
                // `{ name = "DB_PASSWORD", value = "hunter2" }`, as containers and app settings are written.
                let text = |key: &str| node.get_text(key).known().and_then(Node::as_str);
                let named = text("name").or_else(|| text("key")).unwrap_or_default();
                for child in node.children() {
                    self.tree(child, if child.key() == "value" && !named.is_empty() { named } else { child.key() }, depth + 1);
                }
            }
            Kind::List => {
                // A list under such a name tells what may be done with secrets (`secret_permissions`) as often as it holds some.
                for child in node.children() {
                    self.tree(child, if child.kind() == Kind::List { name } else { "item" }, depth + 1);
                }
            }
            _ => self.value(node, name),
        }
    }

    /// What a variable gives is judged at the variable.
    fn value(&mut self, node: Node<'_>, name: &str) {
        let Some(text) = node.as_str().filter(|_| !node.flags().has(Flags::FROM_VARIABLE)) else { return };
        if self.is_allowed(name) {
            return;
        }
        if let Some(what) = known_form(text) {
            self.found(node, format!("`{name}` holds {what} as plain text"));
        } else if is_secret_name(name) && is_written_out(text) && !is_address(text) {
            self.found(node, format!("`{name}` holds a credential as plain text"));
        } else if let Some(assigned) = Some(text).filter(|text| SCRIPTS.contains(&name) || text.contains('\n')).and_then(assignment) {
            self.found(node, format!("`{name}` holds a credential as plain text, under the name `{assigned}`"));
        }
    }

    fn default(&mut self, node: Node<'_>, name: &str) {
        let Some(text) = node.as_str().filter(|_| !self.is_allowed(name)) else { return };
        let what =
            known_form(text).or_else(|| (is_secret_name(name) && is_written_out(text) && !is_address(text)).then_some("a credential"));
        if let Some(what) = what {
            let message = format!("the default of variable `{name}` is {what} as plain text");
            self.report.at(node).message(message).secret(node).severity(Severity::High);
        }
    }

    fn found(&mut self, node: Node<'_>, message: String) {
        self.report.at(node).message(message).secret(node);
    }

    fn is_allowed(&self, name: &str) -> bool {
        self.options.allow.iter().any(|allowed| allowed == name)
    }
}

/// Names of credentials; those of their identifiers, types and places are none.
fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let about =
        ["_id", "_ids", "_key", "_label", "_labels", "_kms", "_class", "_store_name", "_mode", "_status", "_behavior", "_usage", "_tokens"];
    let named_key =
        ["access_key", "secret_key", "api_key", "private_key", "account_key", "auth_key", "master_key", "encryption_key", "primary_key"];
    is_named_so(name) && (!about.iter().any(|end| lower.ends_with(end)) || named_key.iter().any(|end| lower.ends_with(end)))
}

/// Names of objects that hold a secret, not the secret: ARNs and resource paths.
fn is_address(text: &str) -> bool {
    text.starts_with("arn:")
        || text.starts_with("projects/")
        || text.contains("secretsmanager")
        || text.contains("data.")
        || text.contains("module.")
}

/// The first `NAME=value` of a script, or `"name": "NAME", "value": "…"` of a document, that is a credential.
fn assignment(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let (name, value) = line.trim().trim_start_matches("export ").trim_start_matches("set ").split_once('=')?;
        let name = name.trim();
        let value = value.trim().trim_matches(['"', '\'']);
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (plain && is_secret_name(name) && is_written_out(value) && !value.contains(['$', '(', ' ', '`'])).then_some(name)
    })
}
