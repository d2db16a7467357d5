use crate::keywords::as_of;
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
        let cased = |word: &str| if upper { word.to_ascii_uppercase() } else { word.to_ascii_lowercase() };
        let wanted = cased(word);
        let Some(keyword) = instruction.keyword().node().filter(|_| word != wanted) else { continue };
        let message = format!("`{word}` stands among instructions in {}", if upper { "capitals" } else { "small letters" });
        let fix = Fix::safe(format!("write {wanted}"));
        report.at(instruction).message(message).fix(match as_of(instruction) {
            // AS goes with its FROM.
            Some(at) => {
                let source = instruction.node().source_text();
                let fixed = format!("{wanted}{}{}{}", &source[word.len()..at], cased(&source[at..at + 2]), &source[at + 2..]);
                fix.set(instruction, "", fixed)
            }
            None => fix.set(keyword, "", wanted),
        });
    }
}
