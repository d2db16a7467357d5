//! Volumes of a pod.

/// Sources that the restricted Pod Security Standard allows.
pub(crate) const ALLOWED: [&str; 9] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

/// Sockets and directories of container runtimes on a node.
const RUNTIMES: [&str; 9] = [
    "/run/docker.sock",
    "/run/docker",
    "/run/containerd",
    "/run/crio",
    "/run/cri-dockerd.sock",
    "/run/podman",
    "/run/dockershim.sock",
    "/run/k3s/containerd",
    "/run/rke2/containerd",
];

/// Whether a path of the node is a container runtime's socket, or holds it.
pub(crate) fn is_runtime_socket(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("/var").filter(|rest| rest.starts_with("/run/")).unwrap_or(path);
    RUNTIMES
        .iter()
        .any(|known| path == *known || path.strip_prefix(known).is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".sock")))
}
