use crate::options::SensitiveHostPath;
use crate::path::{Part, holds_socket, is_socket, of_host, part};
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, Severity};

pub fn check(service: Service, options: &SensitiveHostPath, report: &mut Report) {
    for mount in service.volumes() {
        let Some(path) = of_host(mount).known() else { continue };
        let Some(part) = part(path) else { continue };
        let allowed = mount.read_only().is(true).is_true() && options.allow.iter().any(|allowed| is_below(path, allowed));
        // Sockets of container engines are another rule's.
        if allowed || is_socket(path) || holds_socket(path) {
            continue;
        }
        let what = match part {
            Part::Everything => "the whole file system of the host",
            Part::System => "which belongs to the host's system",
            Part::Data => "where the host keeps data",
        };
        let draft = report.at(mount).message(format!("{} mounts `{path}`, {what}", label(service)));
        if part == Part::Data {
            _ = draft.severity(Severity::Info);
        }
    }
}

fn is_below(path: &str, directory: &str) -> bool {
    // Below it every process shows its own root directory: the host's.
    if directory == "/proc" {
        return path == directory;
    }
    path.strip_prefix(directory.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
