use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// Variables that switch verification off, and the values that do so; none: any but empty.
const VARIABLES: [(&str, &[&str]); 7] = [
    ("NODE_TLS_REJECT_UNAUTHORIZED", &["0"]),
    ("PYTHONHTTPSVERIFY", &["0"]),
    ("GIT_SSL_NO_VERIFY", &["1", "true", "yes", "on"]),
    ("NPM_CONFIG_STRICT_SSL", &["false"]),
    ("PIP_TRUSTED_HOST", &[]),
    ("GOINSECURE", &[]),
    ("CURL_INSECURE", &["1", "true"]),
];

pub fn check(instruction: Instruction, report: &mut Report) {
    for pair in instruction.pairs() {
        let (Some(name), Some(value)) = (pair.key().known(), pair.value().known()) else { continue };
        if switches_off(name, value) && !instruction.is("LABEL") {
            report.at(pair).message(format!("`{name}={value}` has certificates accepted unseen"));
        }
    }
    for command in instruction.commands() {
        let assigned = command.assignments().iter().find_map(|pair| Some((pair.key().known()?, pair.value().known()?))).filter(|(name, value)| switches_off(name, value));
        let said = assigned.map(|(name, value)| format!("{name}={value}")).or_else(|| option(command));
        if let Some(said) = said {
            let name = command.name().known().unwrap_or("a command");
            let draft = report.at(command).message(format!("`{name}` accepts certificates unseen: `{said}`"));
            if let Some(fix) = without(command) {
                draft.fix(fix);
            }
        }
    }
}

fn switches_off(name: &str, value: &str) -> bool {
    VARIABLES.iter().any(|(variable, values)| {
        // npm reads its own in small letters; the case of the others counts.
        (name == *variable || *variable == "NPM_CONFIG_STRICT_SSL" && name == "npm_config_strict_ssl") && if values.is_empty() { !value.is_empty() } else { values.contains(&value.to_ascii_lowercase().as_str()) }
    })
}

/// Leaves out an option that says nothing else.
fn without<'a>(command: Command<'a>) -> Option<Fix<'a>> {
    for item in command.words().items().skip(1) {
        let Some(word) = item.value().known().filter(|word| item.node().source_text() == *word) else { continue };
        if matches!(word, "-k" | "--insecure" | "--no-check-certificate") {
            return Some(Fix::unsafe_(format!("leave `{word}` out")).remove(item, ""));
        }
        let cluster = word.strip_prefix('-').filter(|letters| letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_alphabetic()));
        if let Some(letters) = cluster.filter(|letters| command.is("curl") && letters.contains('k')) {
            return Some(Fix::unsafe_("leave `-k` out").set(item, "", format!("-{}", letters.replace('k', ""))));
        }
    }
    None
}

/// The option by which a command skips the verification.
fn option(command: Command) -> Option<String> {
    let flags: &[&str] = match command.name().known()? {
        "curl" => &["-k", "--insecure"],
        "wget" => &["--no-check-certificate"],
        "pip" | "pip2" | "pip3" => &["--trusted-host"],
        "npm" | "yarn" | "pnpm" => {
            let off = command.has_word("config").is_true() && command.has_word("strict-ssl").is_true() && command.has_word("false").is_true();
            let direct = command.has_word("strict-ssl=false").is_true() || command.has_word("--strict-ssl=false").is_true();
            return (off || direct).then(|| "strict-ssl false".to_owned());
        }
        "git" => {
            let word = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "http.sslverify=false" | "http.sslverify=0");
            let config = command.words().iter().any(|text| text.eq_ignore_ascii_case("http.sslverify")) && command.has_word("false").is_true();
            return (config || command.words().any(word).is_true()).then(|| "http.sslVerify false".to_owned());
        }
        "yum" | "dnf" | "microdnf" | "tdnf" => {
            let word = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "--setopt=sslverify=0" | "--setopt=sslverify=false" | "sslverify=0" | "sslverify=false");
            return command.words().any(word).is_true().then(|| "sslverify=0".to_owned());
        }
        _ => return None,
    };
    flags.iter().find(|flag| command.has_flag(flag).is_true()).map(|flag| (*flag).to_owned())
}
