//! What kubectl and helm make of `deploy/`.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What helm takes the cluster for: without one it assumes its own age's.
pub(crate) const KUBERNETES: &str = "--kube-version=1.36.3";

/// Objects by kind and name.
pub(crate) type Objects = BTreeMap<(String, String), Value>;

/// Standard output of a program that must succeed.
pub(crate) fn output(program: &Path, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(crate::root()).output().unwrap();
    assert!(output.status.success(), "{} {args:?}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// `helm template` of the chart as release `plimsoll` in namespace `plimsoll`.
pub(crate) fn chart(helm: &Path, more: &[&str]) -> String {
    output(helm, &[&["template", "plimsoll", "deploy/helm/plimsoll", "--namespace", "plimsoll", KUBERNETES], more].concat())
}

/// The objects of a YAML text.
pub(crate) fn objects(text: &str) -> Objects {
    let mut objects = Objects::new();
    for document in text.split("\n---") {
        let value: Value = serde_yaml::from_str(document.trim_start_matches("---")).unwrap();
        if value.is_null() {
            continue;
        }
        let part = |value: &Value| value.as_str().unwrap().to_owned();
        objects.insert((part(&value["kind"]), part(&value["metadata"]["name"])), value);
    }
    objects
}

/// Leaves out in which the two are meant to differ: helm's own labels, names that a release decides, replicas that the autoscaler decides,
/// comments and defaults in `plimsoll.toml`, and the namespace, which helm makes itself.
pub(crate) fn comparable(mut objects: Objects) -> Objects {
    objects.retain(|(kind, _), _| kind != "Namespace");
    for ((kind, _), object) in &mut objects {
        strip(object);
        match kind.as_str() {
            "Deployment" => {
                object["spec"].as_object_mut().unwrap().remove("replicas");
                let args = object.pointer_mut("/spec/template/spec/containers/0/args").unwrap().as_array_mut().unwrap();
                args.retain(|arg| !["--service=plimsoll", "--secret=plimsoll-tls", "--webhook=plimsoll"].contains(&arg.as_str().unwrap()));
            }
            "ConfigMap" => {
                let text = object["data"]["plimsoll.toml"].as_str().unwrap().to_owned();
                let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
                let defaults = lines.iter().position(|line| *line == "[serve.actions]").unwrap_or(lines.len());
                object["data"]["plimsoll.toml"] = json!(lines[..defaults]);
            }
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
                let values = object.pointer_mut("/webhooks/0/namespaceSelector/matchExpressions/0/values").unwrap();
                values.as_array_mut().unwrap().sort_by_key(|value| value.as_str().map(str::to_owned));
            }
            _ => {}
        }
    }
    objects
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for own in ["app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart"] {
                map.remove(own);
            }
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
