//! Comparing a document with what compose-go says. Whatever is unknown here is left out, and counted.
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]
#![allow(clippy::needless_pass_by_value, reason = "values are made for the one comparison")]

use plimsoll_document::{Flags, Kind, Lookup, Node};
use serde_json::Value;
use std::path::Path;

#[derive(Default, Debug)]
pub(crate) struct Tally {
    pub(crate) services: usize,
    pub(crate) equal: usize,
    pub(crate) unknown: usize,
    pub(crate) differences: Vec<String>,
}

pub(crate) struct Comparison<'a> {
    pub(crate) name: &'a str,
    /// Where the project root is on disk.
    pub(crate) root: &'a Path,
    pub(crate) tally: &'a mut Tally,
}

fn text(node: Node<'_>, key: &str) -> Result<Option<String>, ()> {
    match node.get_text(key) {
        Lookup::Absent => Ok(None),
        Lookup::Unknown(_) => Err(()),
        Lookup::Present(found) => scalar(found),
    }
}

fn scalar(node: Node<'_>) -> Result<Option<String>, ()> {
    match node.kind() {
        Kind::Null => Ok(None),
        Kind::Unknown => Err(()),
        Kind::Bool => Ok(Some(node.as_bool().unwrap().to_string())),
        Kind::Number => Ok(Some(node.as_f64().unwrap().to_string())),
        _ => Ok(node.as_str().map(str::to_owned)),
    }
}

fn theirs(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Comparison<'_> {
    fn check(&mut self, what: &str, ours: Result<Option<String>, ()>, theirs: Option<String>) {
        match ours {
            Err(()) => self.tally.unknown += 1,
            Ok(ours) => {
                let ours = ours.filter(|text| !text.is_empty());
                if ours == theirs {
                    self.tally.equal += 1;
                } else {
                    self.tally.differences.push(format!("{}: {what}: ours {ours:?}, compose-go {theirs:?}", self.name));
                }
            }
        }
    }

    pub(crate) fn project(&mut self, root: Node<'_>, answer: &Value) {
        let empty = serde_json::Map::new();
        let theirs = answer["services"].as_object().unwrap_or(&empty);
        let Lookup::Present(services) = root.get_text("services") else {
            if !theirs.is_empty() {
                self.tally.differences.push(format!("{}: no services here", self.name));
            }
            return;
        };
        let mut names: Vec<&str> = services.children().map(Node::key).collect();
        names.sort_unstable();
        let mut expected: Vec<&str> = theirs.keys().map(String::as_str).collect();
        expected.sort_unstable();
        if names != expected && !services.flags().has(Flags::OPEN) {
            self.tally.differences.push(format!("{}: services {names:?}, compose-go {expected:?}", self.name));
            return;
        }
        for service in services.children() {
            if let Some(other) = theirs.get(service.key()) {
                self.service(service, other);
            }
        }
    }

    fn service(&mut self, service: Node<'_>, other: &Value) {
        self.tally.services += 1;
        let at = service.key();
        for key in ["image", "container_name", "user", "restart", "network_mode", "pid", "hostname", "privileged", "read_only"] {
            let ours = text(service, key).map(|value| value.filter(|value| value != "false"));
            self.check(&format!("{at}.{key}"), ours, theirs(&other[key]));
        }
        self.environment(service, other);
        self.keys(service, other, "labels");
        self.ports(service, other);
        self.volumes(service, other);
        for key in ["command", "entrypoint", "cap_add", "cap_drop", "security_opt", "profiles", "env_file", "devices"] {
            self.list(service, other, key);
        }
        self.keys(service, other, "depends_on");
        if let (Lookup::Present(ours), Some(map)) = (service.get_text("depends_on"), other["depends_on"].as_object()) {
            for entry in ours.children() {
                let condition = text(entry, "condition").map(|value| value.or(Some("service_started".to_owned())));
                self.check(&format!("{at}.depends_on.{}", entry.key()), condition, theirs(&map[entry.key()]["condition"]));
            }
        }
        if let Lookup::Present(healthcheck) = service.get_text("healthcheck") {
            self.list(healthcheck, &other["healthcheck"], "test");
        }
        if let Lookup::Present(build) = service.get_text("build") {
            self.check(&format!("{at}.build.target"), text(build, "target"), theirs(&other["build"]["target"]));
            self.values(build, &other["build"], "args");
            if let Lookup::Present(place) = service.get_text("facts")
                && let Lookup::Present(place) = place.get_text("build")
                && let Ok(Some(context)) = text(place, "context")
            {
                let context = self.absolute(&context);
                self.check(&format!("{at}.build.context"), Ok(Some(context)), theirs(&other["build"]["context"]));
            }
        }
    }

    fn absolute(&self, path: &str) -> String {
        let home = std::env::var("HOME").unwrap_or_default();
        match path {
            "." => self.root.display().to_string(),
            "~" => home,
            path if path.starts_with("~/") => format!("{home}{}", &path[1..]),
            path if path.starts_with('/') => path.to_owned(),
            path => {
                let mut base = self.root.to_path_buf();
                let mut rest = path;
                while let Some(up) = rest.strip_prefix("../") {
                    base.pop();
                    rest = up;
                }
                if rest == ".." {
                    base.pop();
                    return base.display().to_string();
                }
                base.join(rest).display().to_string()
            }
        }
    }

    fn environment(&mut self, service: Node<'_>, other: &Value) {
        self.values(service, other, "environment");
    }

    fn values(&mut self, service: Node<'_>, other: &Value, key: &str) {
        let empty = serde_json::Map::new();
        let map = other[key].as_object().unwrap_or(&empty);
        let Lookup::Present(ours) = service.get_text(key) else {
            if !map.is_empty() {
                self.tally.differences.push(format!("{}: {}.{key} is not here", self.name, service.key()));
            }
            return;
        };
        for entry in ours.children() {
            // A build argument without a value is left out by compose-go.
            let ours = scalar(entry);
            self.check(&format!("{}.{key}.{}", service.key(), entry.key()), ours, map.get(entry.key()).and_then(theirs));
        }
        for name in map.keys().filter(|name| ours.children().all(|entry| entry.key() != name.as_str())) {
            if !ours.flags().has(Flags::OPEN) {
                self.tally.differences.push(format!("{}: {}.{key}.{name} is not here", self.name, service.key()));
            }
        }
    }

    fn keys(&mut self, service: Node<'_>, other: &Value, key: &str) {
        let empty = serde_json::Map::new();
        let map = other[key].as_object().unwrap_or(&empty);
        let mut expected: Vec<&str> = map.keys().map(String::as_str).collect();
        expected.sort_unstable();
        let mut ours: Vec<&str> = match service.get_text(key) {
            Lookup::Present(node) if node.flags().has(Flags::OPEN) => return,
            Lookup::Present(node) => node.children().map(Node::key).collect(),
            _ => vec![],
        };
        ours.sort_unstable();
        // Compose adds dependencies for links and shared namespaces.
        if key == "depends_on" {
            expected.retain(|name| ours.contains(name));
        }
        self.check(&format!("{}.{key}", service.key()), Ok(Some(format!("{ours:?}"))), Some(format!("{expected:?}")));
    }

    fn list(&mut self, holder: Node<'_>, other: &Value, key: &str) {
        let Lookup::Present(node) = holder.get_text(key) else {
            let empty = other[key].as_array().is_none_or(Vec::is_empty);
            self.check(&format!("{}.{key}", holder.key()), Ok(None), (!empty).then(|| other[key].to_string()));
            return;
        };
        if node.flags().has(Flags::OPEN) || node.kind() == Kind::Unknown || node.children().any(|item| item.kind() == Kind::Unknown) {
            self.tally.unknown += 1;
            return;
        }
        let ours: Vec<String> = match key {
            "env_file" | "devices" => vec![node.len().to_string()],
            _ => node.children().map(|item| item.as_str().unwrap_or("?").to_owned()).collect(),
        };
        let expected: Vec<String> = match (key, other[key].as_array()) {
            (_, None) => vec![],
            ("env_file" | "devices", Some(items)) => vec![items.len().to_string()],
            (_, Some(items)) => items.iter().map(|item| item.as_str().unwrap_or("??").to_owned()).collect(),
        };
        self.check(&format!("{}.{key}", holder.key()), Ok(Some(format!("{ours:?}"))), Some(format!("{expected:?}")));
    }

    fn ports(&mut self, service: Node<'_>, other: &Value) {
        let expected = other["ports"].as_array().map_or(0, Vec::len);
        let ours = match service.get_text("ports") {
            Lookup::Present(node) => node.children().collect::<Vec<_>>(),
            _ => vec![],
        };
        if ours.iter().any(|port| port.kind() == Kind::Unknown || port.flags().has(Flags::OPEN)) {
            self.tally.unknown += 1;
            return;
        }
        self.check(&format!("{}.ports", service.key()), Ok(Some(ours.len().to_string())), Some(expected.to_string()));
        if ours.len() != expected {
            return;
        }
        for (at, port) in ours.iter().enumerate() {
            let other = &other["ports"][at];
            for key in ["host_ip", "published", "target", "protocol"] {
                let mut value = text(*port, key);
                if key == "protocol" && value == Ok(None) {
                    value = Ok(Some("tcp".to_owned()));
                }
                self.check(&format!("{}.ports[{at}].{key}", service.key()), value, theirs(&other[key]));
            }
        }
    }

    fn volumes(&mut self, service: Node<'_>, other: &Value) {
        let expected = other["volumes"].as_array().map_or(0, Vec::len);
        let ours = match service.get_text("volumes") {
            Lookup::Present(node) => node.children().collect::<Vec<_>>(),
            _ => vec![],
        };
        if ours.iter().any(|mount| mount.kind() == Kind::Unknown || mount.flags().has(Flags::OPEN)) {
            self.tally.unknown += 1;
            return;
        }
        self.check(&format!("{}.volumes", service.key()), Ok(Some(ours.len().to_string())), Some(expected.to_string()));
        if ours.len() != expected {
            return;
        }
        for (at, mount) in ours.iter().enumerate() {
            let other = &other["volumes"][at];
            let what = |key: &str| format!("{}.volumes[{at}].{key}", service.key());
            self.check(&what("type"), text(*mount, "type"), theirs(&other["type"]));
            let target = text(*mount, "target")
                .map(|target| target.map(|target| if target == "/" { target } else { target.trim_end_matches('/').to_owned() }));
            self.check(&what("target"), target, theirs(&other["target"]));
            let read_only = text(*mount, "read_only").map(|value| value.filter(|value| value == "true"));
            self.check(&what("read_only"), read_only, theirs(&other["read_only"]));
            let path = match mount.get_text("facts") {
                Lookup::Present(facts) => text(facts, "host-path"),
                _ => Ok(None),
            };
            let source = match path {
                Ok(Some(path)) => Ok(Some(self.absolute(&path))),
                Ok(None) => text(*mount, "source"),
                Err(()) => Err(()),
            };
            let expected = theirs(&other["source"]).map(|path| if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path });
            self.check(&what("source"), source, expected);
            if let Lookup::Present(bind) = mount.get_text("bind") {
                self.check(&what("propagation"), text(bind, "propagation"), theirs(&other["bind"]["propagation"]));
            }
        }
    }
}
