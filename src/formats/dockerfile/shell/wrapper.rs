//! Commands that only run another: `sudo -E apt-get …` is `apt-get`.

/// A wrapper and what stands between it and the command it runs.
struct Wrapper {
    name: &'static str,
    /// Short options that take the next word, and long ones that do.
    takes: &'static str,
    long: &'static [&'static str],
    /// Words that are its own (a duration, a user, a directory).
    own: u8,
    /// Whether `A=1` before the command is an assignment.
    assigns: bool,
}

const fn plain(name: &'static str, takes: &'static str, own: u8) -> Wrapper {
    Wrapper { name, takes, long: &[], own, assigns: false }
}

const WRAPPERS: [Wrapper; 22] = [
    Wrapper {
        name: "sudo",
        takes: "ACDghpRrTtUu",
        long: &["--user", "--group", "--host", "--prompt", "--chdir", "--chroot"],
        own: 0,
        assigns: true,
    },
    Wrapper { name: "doas", takes: "uC", long: &[], own: 0, assigns: false },
    Wrapper { name: "env", takes: "uC", long: &["--unset", "--chdir"], own: 0, assigns: true },
    plain("exec", "a", 0),
    plain("command", "", 0),
    plain("builtin", "", 0),
    Wrapper { name: "nice", takes: "n", long: &["--adjustment"], own: 0, assigns: false },
    Wrapper { name: "ionice", takes: "cn", long: &["--class", "--classdata"], own: 0, assigns: false },
    plain("nohup", "", 0),
    plain("time", "fo", 0),
    plain("coproc", "", 0),
    Wrapper { name: "timeout", takes: "sk", long: &["--signal", "--kill-after"], own: 1, assigns: false },
    plain("setsid", "", 0),
    Wrapper { name: "stdbuf", takes: "ioe", long: &["--input", "--output", "--error"], own: 0, assigns: false },
    plain("chroot", "", 1),
    plain("gosu", "", 1),
    plain("su-exec", "", 1),
    plain("tini", "pe", 0),
    plain("dumb-init", "r", 0),
    plain("fakeroot", "iosb", 0),
    plain("eatmydata", "", 0),
    plain("unbuffer", "", 0),
];

/// How many of the leading words only wrap the command. `None` where it cannot be told, because a word that may be an option of a wrapper
/// is unknown. Unknown words are `None`.
pub(crate) fn wrapped(words: &[Option<&str>]) -> Option<usize> {
    let mut at = 0;
    loop {
        let Some(first) = words.get(at).copied() else { return Some(0) };
        let Some(first) = first else { return if at == 0 { Some(0) } else { None } };
        let name = first.rsplit('/').next().unwrap_or(first);
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == name) else { return Some(at) };
        match own_words(wrapper, &words[at + 1..]) {
            Own::Words(len) => at += 1 + len,
            Own::RunsNothing => return Some(at),
            Own::Unknown => return None,
        }
    }
}

/// What stands behind a wrapper.
enum Own {
    /// So many words of its own, then the command.
    Words(usize),
    /// No command: `sudo -l`, `command -v x`, a lone `exec`.
    RunsNothing,
    /// It cannot be told.
    Unknown,
}

fn own_words(wrapper: &Wrapper, words: &[Option<&str>]) -> Own {
    let mut at = 0;
    let mut own = wrapper.own;
    while let Some(word) = words.get(at) {
        let Some(word) = *word else { return Own::Unknown };
        let option = word.len() > 1 && word.starts_with('-');
        if word == "--" {
            at += 1;
            at += usize::from(own);
            break;
        }
        if option {
            if wrapper.name == "command" && (word.contains('v') || word.contains('V')) || (wrapper.name == "env" && word.starts_with("-S"))
            {
                return Own::RunsNothing;
            }
            let takes = if word.starts_with("--") {
                wrapper.long.contains(&word)
            } else {
                // Of `-nu user` only the last letter can take the next word.
                word.chars().next_back().is_some_and(|last| wrapper.takes.contains(last))
                    && !word[1..word.len() - 1].contains(|c| wrapper.takes.contains(c))
            };
            at += if takes { 2 } else { 1 };
        } else if wrapper.assigns && word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains('/')) {
            at += 1;
        } else if own > 0 {
            own -= 1;
            at += 1;
        } else {
            break;
        }
    }
    if at < words.len() { Own::Words(at) } else { Own::RunsNothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(text: &str) -> Option<usize> {
        let words: Vec<_> = text.split(' ').map(|word| (word != "?").then_some(word)).collect();
        wrapped(&words)
    }

    #[test]
    fn wrappers_are_passed() {
        assert_eq!(skipped("apt-get install"), Some(0));
        assert_eq!(skipped("sudo -E apt-get"), Some(2));
        assert_eq!(skipped("sudo -nu root A=1 env B=2 -i nice -n 5 make"), Some(10));
        assert_eq!(skipped("timeout -s KILL 10 curl"), Some(4));
        assert_eq!(skipped("/usr/bin/env python"), Some(1));
        assert_eq!(skipped("exec -- app"), Some(2));
        assert_eq!(skipped("command -v curl"), Some(0));
        assert_eq!(skipped("sudo ? apt-get"), None);
        assert_eq!(skipped("? apt-get"), Some(0));
        assert_eq!(skipped("sudo -l"), Some(0));
    }
}
