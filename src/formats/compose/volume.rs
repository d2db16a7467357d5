//! `volumes` in short syntax: `[SOURCE:]TARGET[:OPTIONS]`.

use crate::path;
use crate::text::{HOLE, Text};

/// A short mount, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    /// `bind` or `volume`; `None` if a variable decides it.
    pub(crate) kind: Option<&'static str>,
    pub(crate) source: Option<Text>,
    pub(crate) target: Text,
    pub(crate) read_only: Option<(bool, Text)>,
    pub(crate) propagation: Option<Text>,
    pub(crate) selinux: Option<Text>,
    pub(crate) nocopy: Option<Text>,
    /// Whether an option cannot be told.
    pub(crate) open: bool,
}

/// The mount a text stands for. `Err` is why Compose refuses it. As for ports, a variable is taken to stand for one part.
pub(crate) fn parse(text: &Text) -> Result<Mount, &'static str> {
    let spec = text.as_str();
    let mut mount = Mount {
        kind: Some("volume"),
        source: None,
        target: text.clone(),
        read_only: None,
        propagation: None,
        selinux: None,
        nocopy: None,
        open: text.cause().is_some(),
    };
    if spec.is_empty() {
        return Err("the mount is empty");
    }
    if spec.len() <= 2 && spec != HOLE.encode_utf8(&mut [0; 4]) {
        return Ok(mount);
    }
    let mut sections = vec![];
    let mut start = 0;
    for (at, _) in spec.match_indices(':') {
        let mut letters = spec[start..at].chars();
        // `C:\…`: the colon after one letter belongs to the path.
        if letters.next().is_some_and(|letter| letter.is_alphabetic() && letter != HOLE) && letters.next().is_none() {
            continue;
        }
        sections.push(start..at);
        start = at + 1;
    }
    sections.push(start..spec.len());
    if sections.iter().any(std::ops::Range::is_empty) {
        return Err("a part between colons is empty");
    }
    let parts: Vec<Text> = sections.into_iter().map(|range| text.slice(range)).collect();
    let (target, options) = match parts.as_slice() {
        [target] => (target, None),
        [source, target] => {
            mount.source = Some(source.clone());
            (target, None)
        }
        [source, target, options] => {
            mount.source = Some(source.clone());
            (target, Some(options))
        }
        _ => return Err("there are too many colons"),
    };
    mount.target = if target.known().is_some() { target.reworded(path::clean(target.as_str())) } else { target.clone() };
    mount.kind = mount.source.as_ref().map_or(Some("volume"), kind);
    for option in options.iter().flat_map(|options| options.split(',')) {
        match option.as_str() {
            "ro" => mount.read_only = Some((true, option)),
            "rw" => mount.read_only = Some((false, option)),
            "nocopy" => mount.nocopy = Some(option),
            "rprivate" | "private" | "rshared" | "shared" | "rslave" | "slave" => mount.propagation = Some(option),
            "z" | "Z" => mount.selinux = Some(option),
            _ => {}
        }
    }
    Ok(mount)
}

/// Whether a source is a path of the host.
fn kind(source: &Text) -> Option<&'static str> {
    let spec = source.as_str();
    let mut chars = spec.chars();
    let first = chars.next()?;
    if first == HOLE && source.known().is_none() {
        return None;
    }
    let drive = first.is_alphabetic() && chars.next() == Some(':');
    Some(if matches!(first, '.' | '/' | '~') || spec.starts_with(r"\\") || drive { "bind" } else { "volume" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_document::Span;

    fn read(line: &str) -> Result<String, &'static str> {
        let text = Text::written(line.to_owned(), Span::new(0, 0, line.len() as u32), line);
        let word = |text: &Option<Text>| text.as_ref().map_or("-".to_owned(), |text| text.as_str().to_owned());
        parse(&text).map(|mount| {
            let read_only = mount.read_only.map_or("-".to_owned(), |(value, _)| value.to_string());
            let kind = mount.kind.unwrap_or("?");
            format!("{kind} {} {} {read_only} {}", word(&mount.source), mount.target.as_str(), word(&mount.propagation))
        })
    }

    #[test]
    fn every_shape() {
        for (line, expected) in [
            ("/data", "volume - /data - -"),
            ("db:/data/", "volume db /data - -"),
            ("./x:/data:ro,rslave", "bind ./x /data true rslave"),
            ("~/x:/y:rw", "bind ~/x /y false -"),
            (r"C:\x:/y", r"bind C:\x /y - -"),
            ("c:/d", "volume - c:/d - -"),
        ] {
            assert_eq!(read(line).as_deref(), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_compose_refuses() {
        for line in ["", "abc::/x", "abc:/x:ro:z", ":/abc"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
