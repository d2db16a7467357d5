//! What of the host a service mounts.

use plimsoll_sdk::compose::{Field, VolumeMount};

/// Names of sockets that control containers.
const SOCKETS: [&str; 7] =
    ["docker.sock", "docker.socket", "containerd.sock", "crio.sock", "podman.sock", "docker_engine", "balena-engine.sock"];
/// Directories that hold such sockets.
const SOCKET_DIRECTORIES: [&str; 8] =
    ["/run", "/var/run", "/run/containerd", "/var/run/containerd", "/run/crio", "/var/run/crio", "/run/podman", "/var/run/podman"];
/// Directories of the system itself.
const SYSTEM: [&str; 14] =
    ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var/run"];
/// Further ones of the system, deep in a directory that mostly holds data.
const SYSTEM_DATA: [&str; 6] =
    ["/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/log", "/var/spool/cron", "/var/lib/containers"];
/// Directories of users' and services' data.
const DATA: [&str; 4] = ["/home", "/media", "/srv", "/var"];

/// What a mount makes of a host's path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// The root directory: everything.
    Everything,
    /// Something of the system.
    System,
    /// Data of users and services.
    Data,
}

/// The path of the host that a mount shows: its own, or that of the volume's device.
pub(crate) fn of_host<'a>(mount: VolumeMount<'a>) -> Field<'a, &'a str> {
    let path = mount.facts().host_path();
    if !path.is_absent() {
        return path;
    }
    let device = mount.facts().device();
    if device.is_absent() && mount.type_().is("npipe").is_true() { mount.source() } else { device }
}

/// Whether a path is a container engine's socket.
pub(crate) fn is_socket(path: &str) -> bool {
    path.rsplit(['/', '\\']).next().is_some_and(|name| SOCKETS.contains(&name))
}

/// Whether a directory holds a container engine's socket.
pub(crate) fn holds_socket(path: &str) -> bool {
    let path = trimmed(path);
    SOCKET_DIRECTORIES.contains(&path) || path.strip_prefix("/run/user/").is_some_and(|user| !user.contains('/'))
}

/// Which part of the host a path is, if it is one that matters.
pub(crate) fn part(path: &str) -> Option<Part> {
    let path = trimmed(path);
    let below = |directories: &[&str]| {
        directories.iter().any(|directory| path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    if path == "/" {
        Some(Part::Everything)
    } else if below(&["/run/user"]) {
        // What a user's session shares: sound, the screen.
        None
    } else if path == "/var" || below(&SYSTEM) || below(&SYSTEM_DATA) {
        Some(Part::System)
    } else {
        below(&DATA).then_some(Part::Data)
    }
}

fn trimmed(path: &str) -> &str {
    let short = path.trim_end_matches('/');
    if short.is_empty() && path.starts_with('/') { "/" } else { short }
}

#[cfg(test)]
mod tests {
    use super::{Part, holds_socket, is_socket, part};

    #[test]
    fn whole_parts_of_paths_are_compared() {
        assert_eq!(part("/"), Some(Part::Everything));
        assert_eq!(part("/etc/passwd"), Some(Part::System));
        assert_eq!(part("/variable"), None);
        assert_eq!(part("/etcetera"), None);
        assert_eq!(part("/var/lib/docker/volumes/"), Some(Part::System));
        assert_eq!(part("/srv/data"), Some(Part::Data));
        assert_eq!(part("data/etc"), None);
    }

    #[test]
    fn sockets_are_known_wherever_they_lie() {
        assert!(
            is_socket("/var/run/docker.sock") && is_socket("/run/user/1000/podman/podman.sock") && is_socket(r"\\.\pipe\docker_engine")
        );
        assert!(!is_socket("/run/mysqld/mysqld.sock") && !is_socket("/srv/docker.sock.d/x"));
        assert!(holds_socket("/var/run/") && holds_socket("/run/user/1000") && !holds_socket("/run/mysqld"));
    }
}
