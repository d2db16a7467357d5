use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let all: Vec<(Instruction, &str)> = file
        .args()
        .iter()
        .chain(file.stages().iter().flat_map(|stage| stage.from().known().into_iter().chain(stage.instructions().iter())))
        .filter_map(|instruction| Some((instruction, instruction.keyword().node()?.source_text())))
        .collect();
    let small = all.iter().filter(|(_, word)| word.bytes().all(|byte| byte.is_ascii_lowercase())).count();
    let capitals = all.iter().filter(|(_, word)| word.bytes().all(|byte| byte.is_ascii_uppercase())).count();
    let upper = capitals >= small;
    for (instruction, word) in all {
        let wanted = if upper { word.to_ascii_uppercase() } else { word.to_ascii_lowercase() };
        if let Some(keyword) = instruction.keyword().node().filter(|_| word != wanted) {
            report
                .at(instruction)
                .message(format!("`{word}` stands among instructions in {}", if upper { "capitals" } else { "small letters" }))
                .fix(Fix::safe(format!("write {wanted}")).set(keyword, "", wanted));
        }
    }
}
