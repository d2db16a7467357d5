use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(instruction: Instruction, report: &mut Report) {
    let flag = instruction.flags().chmod();
    if let Some(mode) = flag.known().filter(|mode| lets_everyone_write(mode)) {
        let draft = report.at(instruction).message(format!("`--chmod={mode}` lets every user of the container write"));
        if let Some((node, narrower)) = flag.node().zip(narrower(mode)) {
            draft.fix(Fix::unsafe_(format!("make it {narrower}")).set(node, "", narrower));
        }
    }
    for command in instruction.commands() {
        if !instruction.is("RUN") || !command.is("chmod") {
            continue;
        }
        let first = command.words().items().skip(1).find(|word| word.value().holds(|word| !word.starts_with('-')).is_true());
        let Some((item, mode)) = first.and_then(|item| Some((item, item.value().known().filter(|mode| lets_everyone_write(mode))?))) else {
            continue;
        };
        let draft = report.at(command).message(format!("`chmod {mode}` lets every user of the container write"));
        if let Some(narrower) = narrower(mode).filter(|_| item.node().source_text() == mode) {
            draft.fix(Fix::unsafe_(format!("make it {narrower}")).set(item, "", narrower));
        }
    }
}

/// The mode without the right for others.
fn narrower(mode: &str) -> Option<String> {
    if let Ok(bits) = u32::from_str_radix(mode, 8) {
        return Some(format!("{:0width$o}", bits & !0o2, width = mode.len()));
    }
    // `a+rwx` is for all what `ug+w` is for two.
    let (who, rights) = mode.split_once('+').filter(|_| !mode.contains([',', '=']))?;
    let others: String = rights.chars().filter(|right| *right != 'w').collect();
    match (who, others.as_str()) {
        ("a", "") => Some("ug+w".to_owned()),
        ("a", others) => Some(format!("a+{others},ug+w")),
        (_, others) if !others.is_empty() => Some(format!("{who}+{others}")),
        _ => None,
    }
}

/// Whether a mode gives others the right to write, without the sticky bit that keeps them from each other's files.
fn lets_everyone_write(mode: &str) -> bool {
    if !mode.is_empty() && mode.bytes().all(|digit| matches!(digit, b'0'..=b'7')) {
        let bits = u32::from_str_radix(mode, 8).unwrap_or(0);
        return bits & 0o2 != 0 && bits & 0o1000 == 0;
    }
    mode.split(',').any(|clause| {
        let Some(at) = clause.find(['+', '=']) else { return false };
        let (who, rights) = (&clause[..at], &clause[at + 1..]);
        who.contains(['a', 'o']) && rights.contains('w') && !rights.contains('t')
    })
}
