use crate::options::SensitiveHostPath;
use crate::path::{Part, holds_socket, is_socket, of_host, part};
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, Severity};

pub fn check(service: Service, options: &SensitiveHostPath, report: &mut Report) {
    for mount in service.volumes() {
        let Some(path) = of_host(mount).known() else { continue };
        let Some(part) = part(path) else { continue };
        let allowed = mount.read_only().is(true).is_true() && options.allow.iter().any(|allowed| allowed == path);
        // Sockets of container engines are another rule's.
        if allowed || is_socket(path) || holds_socket(path) {
            continue;
        }
        let what = match part {
            Part::Everything => "the whole file system of the host",
            Part::System => "a system directory of the host",
            Part::Data => "a directory where the host keeps data",
        };
        let draft = report.at(mount).message(format!("{} mounts `{path}`, {what}", label(service)));
        if part == Part::Data {
            _ = draft.severity(Severity::Info);
        }
    }
}
