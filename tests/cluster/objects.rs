//! Pods, as YAML.

/// Nothing wrong with it.
pub(crate) fn good_pod(name: &str, namespace: &str) -> String {
    pod(
        name,
        namespace,
        "",
        "{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}",
        "{memory: 64Mi}",
    )
}

/// Refused twice.
pub(crate) fn bad_pod(name: &str, namespace: &str) -> String {
    pod(name, namespace, "  hostPID: true\n", "{privileged: true, readOnlyRootFilesystem: true}", "{memory: 64Mi}")
}

/// Refused, and what a controller of it does would be too.
pub(crate) fn bad_deployment(name: &str, namespace: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      automountServiceAccountToken: false
      securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: {name}
          image: registry.example.com/web:1.4.2
          securityContext: {{privileged: true, readOnlyRootFilesystem: true}}
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 64Mi}}}}
          livenessProbe: {{httpGet: {{path: /, port: 8080}}}}
          readinessProbe: {{httpGet: {{path: /, port: 8080}}}}
"
    )
}

/// Without a limit of memory, which is medium.
pub(crate) fn warned_pod(name: &str, namespace: &str) -> String {
    pod(name, namespace, "", "{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}", "{}")
}

/// Without a word on privilege escalation, which the operator of the test has fixed.
pub(crate) fn fixable_pod(name: &str, namespace: &str) -> String {
    pod(name, namespace, "", "{readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}", "{memory: 64Mi}")
}

fn pod(name: &str, namespace: &str, spec: &str, context: &str, limits: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: {namespace}
spec:
{spec}  automountServiceAccountToken: false
  securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
  containers:
    - name: {name}
      image: registry.example.com/web:1.4.2
      securityContext: {context}
      resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {limits}}}
      livenessProbe: {{httpGet: {{path: /, port: 8080}}}}
      readinessProbe: {{httpGet: {{path: /, port: 8080}}}}
"
    )
}
