use plimsoll_sdk::docker::{Instruction, Report, Truth};

pub fn check(instruction: Instruction, report: &mut Report) {
    let image = instruction.facts().from_image();
    let moving = image.digest().exists().is_false() && (image.tag().is_absent() || image.tag().is("latest").is_true());
    if let Some(reference) = image.reference().known().filter(|reference| moving && is_image(reference)) {
        report.at(instruction).message(format!("files are copied from `{reference}`, which is another image whenever it is published anew"));
    }
    for mount in instruction.flags().mount().iter().filter(|mount| mount.from_stage().is_absent()) {
        let Some(reference) = mount.from().known().filter(|reference| is_image(reference)) else { continue };
        if moves(reference) == Truth::True {
            report.at(mount).message(format!("`{reference}` is mounted, which is another image whenever it is published anew"));
        }
    }
}

/// Whether it is rather meant as an image than as a stage.
fn is_image(reference: &str) -> bool {
    reference.contains(['/', ':'])
}

fn moves(reference: &str) -> Truth {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let tag = last.split_once(':').map_or("latest", |(_, tag)| tag);
    Truth::from(!reference.contains('@') && tag == "latest")
}
