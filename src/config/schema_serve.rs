//! `[serve]` in the JSON Schema.

use crate::schema::{list, string, strings};
use crate::serve::Action;
use plimsoll_finding::Severity;
use serde_json::{Map, Value, json};

/// Properties of `[serve]`.
pub(crate) fn serve() -> Value {
    let boolean = |description: &str| json!({"type": "boolean", "description": description});
    let count = |description: &str| json!({"type": "integer", "minimum": 0, "description": description});
    let duration = |description: &str, default: &str| json!({"type": "string", "description": description, "default": default});
    json!({
        "listen": string("Address of the HTTPS port."),
        "ops-listen": string("Address of the plain port for health and metrics."),
        "tls-cert": string("Certificate chain in PEM, relative to this file's folder."),
        "tls-key": string("Its private key in PEM."),
        "client-ca": string("Authorities that clients' certificates must come from, PEM."),
        "client-names": strings("Common names that clients' certificates may have; none for any."),
        "self-signed": boolean("Whether the server makes its own certificate, keeps it in a secret and tells the webhook configurations."),
        "certificate-lifetime": duration("How long a certificate of its own is valid.", "90d"),
        "certificate-renew-before": duration("How long before its end it is replaced.", "30d"),
        "namespace": string("The namespace that the server runs in."),
        "service": string("The service that an API server reaches it by."),
        "secret": string("The secret that holds a certificate of its own."),
        "webhook": string("Name of the webhook configurations that are told of it."),
        "failure-policy": {"enum": ["fail", "ignore"], "description": "What a request is answered that cannot be judged.", "default": "fail"},
        "judge-system": boolean("Whether kube-system and the server's own namespace are judged."),
        "exclude-namespaces": strings("Globs of namespaces that are not judged."),
        "annotation-waivers": boolean("Whether waivers in annotations of objects count."),
        "unsafe-fixes": strings("Selectors of rules whose unsafe fixes may be applied."),
        "trust-fixes": strings("Plugins of third parties whose fixes may be applied."),
        "deadline": duration("Longest time from a request's arrival to its answer; below the webhook's timeoutSeconds.", "8s"),
        "drain": duration("How long requests are taken after the signal to end.", "5s"),
        "queue": count("Requests that may wait for a thread."),
        "threads": count("Threads that judge; 0 for one per core."),
        "max-body": {"type": ["integer", "string"], "description": "Largest body of a request, in bytes or as in \"8MB\".", "default": "8MB"},
        "dry-run-report": boolean("Admit everything, and report what would have been refused."),
        "log": {"enum": ["error", "warn", "info", "debug"], "description": "Least severe log lines.", "default": "info"},
        "otlp-endpoint": string("Where OpenTelemetry traces go, as in http://collector:4318."),
        "actions": {
            "type": "object",
            "description": "What findings of a severity lead to.",
            "properties": Severity::ALL.iter().map(|severity| (severity.name().to_owned(), action())).collect::<Map<_, _>>(),
            "additionalProperties": false,
        },
        "enforce": list("serve.enforce"),
        "exemption": list("serve.exemption"),
    })
}

/// Properties of `[[serve.enforce]]`.
pub(crate) fn enforce() -> Value {
    let mut properties = matches();
    properties["rules"] = strings("Selectors of the rules; none for all.");
    properties["action"] = action();
    properties
}

/// Properties of `[[serve.exemption]]`.
pub(crate) fn exemption() -> Value {
    let mut properties = matches();
    properties["rules"] = strings("Selectors of the rules; none for all.");
    properties["reason"] = string("Why.");
    properties["owner"] = string("Who answers for it.");
    properties["until"] = string("Last day it holds, UTC, as in 2027-01-31.");
    properties["ticket"] = string("Issue or ticket.");
    properties
}

fn action() -> Value {
    json!({"enum": Action::ALL.map(Action::name), "description": "What a finding leads to."})
}

fn matches() -> Value {
    json!({
        "kinds": strings("Kinds, as in Pod or apps/Deployment."),
        "namespaces": strings("Globs of namespaces."),
        "namespace-labels": string("Label selector of the namespace, as in env=prod,tier!=dev."),
        "labels": string("Label selector of the object."),
        "users": strings("Globs of user names."),
        "groups": strings("Globs of groups."),
        "operations": strings("CREATE, UPDATE."),
        "subresources": strings("Subresources, which are not judged unless an entry names them."),
    })
}
