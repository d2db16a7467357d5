use plimsoll_sdk::credential;
use plimsoll_sdk::docker::{Instruction, Pair, Report, Severity, State};

/// Words that make a name public whatever else it says, and names of keys that are published.
const PUBLIC: [&str; 4] = ["PUBLIC", "PUB_KEY", "GPG_KEY", "PUBKEY"];

pub fn check(instruction: Instruction, report: &mut Report) {
    let keyword = instruction.keyword().known().unwrap_or_default();
    for pair in instruction.pairs() {
        let Some(name) = pair.key().known().filter(|name| is_secret(name)) else { continue };
        match pair.value().read() {
            State::Known(value) if is_literal(pair) => {
                if credential::is_written_out(value) {
                    report
                        .at(pair)
                        .message(format!("{keyword} `{name}` writes a credential into the image, where everyone who can pull it can read it"))
                        .secret(pair.value());
                }
            }
            State::Absent if keyword == "ENV" => {}
            _ => {
                report
                    .at(pair)
                    .severity(Severity::High)
                    .message(format!("{keyword} `{name}` leaves the credential that the build is given in the image's history or environment"));
            }
        }
    }
}

fn is_literal(pair: Pair) -> bool {
    pair.literal().is(true).is_true()
}

fn is_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    credential::is_named_so(name) && !PUBLIC.iter().any(|word| upper.contains(word))
}
