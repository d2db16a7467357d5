use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    if !copy.flags().from().is_absent() {
        return;
    }
    if let Some(source) = copy.sources().iter().find(|source| leaves(source)) {
        report.at(copy).message(format!("`{source}` lies outside the build context, where no build can see it"));
    }
}

fn leaves(source: &str) -> bool {
    if source.contains("://") {
        return false;
    }
    let drive = source.as_bytes();
    if drive.len() > 2 && drive[0].is_ascii_alphabetic() && drive[1] == b':' && source.len() > 3 {
        return true;
    }
    let mut depth = 0_i32;
    source.split('/').any(|part| {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        depth < 0
    })
}
