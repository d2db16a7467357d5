use plimsoll_sdk::terraform::{Backend, Fix, Report, State};

pub fn check(backend: Backend, report: &mut Report) {
    let body = backend.body();
    let fix = || Fix::safe("encrypt the state").set(backend.body().node(), "/encrypt", true);
    match body.get("encrypt").bool().read() {
        State::Known(false) => {
            report.at(body.get("encrypt")).message("the state in S3 is not encrypted: `encrypt` is false").fix(fix());
        }
        // Without bucket or key the rest is given on the command line, and `encrypt` may be too.
        State::Absent if crate::module::is_whole_backend(backend) && body.get("kms_key_id").is_absent() => {
            report.at(backend).message("the state in S3 is not encrypted: `encrypt` is missing").fix(fix());
        }
        _ => {}
    }
}
