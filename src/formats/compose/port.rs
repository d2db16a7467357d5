//! `ports` in short syntax: `[HOST-IP:][PUBLISHED:]TARGET[/PROTOCOL]`, ranges included.

use crate::text::Text;

/// One published port of a short text.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    pub(crate) host_ip: Option<Text>,
    pub(crate) published: Option<Text>,
    pub(crate) target: Text,
    pub(crate) protocol: Option<Text>,
    /// Whether it stands for a range that is too long to be one entry per port.
    pub(crate) many: bool,
}

/// The ports of a text, in compose-go's order (by target as text). `Err` is why Compose refuses it. Parts that cannot be told are texts that
/// cannot be told, on the assumption that a variable stands for one part. A range longer than `longest` stays one entry.
pub(crate) fn parse(text: &Text, longest: usize) -> Result<Vec<Port>, String> {
    let mut parts = text.split(':');
    let last = parts.pop().unwrap_or_else(Text::empty);
    let host_port = parts.pop().filter(|part| !part.as_str().is_empty());
    let host_ip = match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(text.slice(0..parts.iter().map(|part| part.as_str().len() + 1).sum::<usize>() - 1)),
    };
    let host_ip = host_ip.map(|ip| address(&ip)).transpose()?.flatten();
    let mut pieces = last.split('/').into_iter();
    let container = pieces.next().unwrap_or_else(Text::empty);
    let protocol = pieces.next().filter(|protocol| !protocol.as_str().is_empty());
    if let Some(known) = protocol.as_ref().and_then(Text::known)
        && !matches!(known.to_ascii_lowercase().as_str(), "tcp" | "udp" | "sctp")
    {
        return Err(format!("unknown protocol {known}"));
    }
    let protocol = protocol.map(|protocol| {
        let lower = protocol.as_str().to_ascii_lowercase();
        protocol.reworded(lower)
    });
    let one = |target: Text, published: Option<Text>| Port {
        host_ip: host_ip.clone(),
        published,
        target,
        protocol: protocol.clone(),
        many: false,
    };
    let (Some(target), Some(published)) = (container.known(), host_port.as_ref().map_or(Some(""), Text::known)) else {
        return Ok(vec![one(container, host_port)]);
    };
    if target.is_empty() {
        return Err("no port is given".to_owned());
    }
    let (start, end) = range(target).ok_or_else(|| format!("{target} is no port"))?;
    if usize::from(end - start) >= longest.max(1) {
        return Ok(vec![Port { many: true, ..one(container, host_port) }]);
    }
    let Some(host) = host_port.as_ref().filter(|_| !published.is_empty()) else {
        return Ok(ordered((start..=end).map(|port| one(numbered(&container, port), None)).collect()));
    };
    let (host_start, host_end) = range(published).ok_or_else(|| format!("{published} is no port"))?;
    if start == end {
        // A range of the host with one port of the container: any one of them.
        let words = if host_start == host_end { host_start.to_string() } else { format!("{host_start}-{host_end}") };
        return Ok(vec![one(numbered(&container, start), Some(host.reworded(words)))]);
    }
    if end - start != host_end - host_start {
        return Err(format!("the ranges {published} and {target} differ in length"));
    }
    let pairs = (start..=end).zip(host_start..=host_end);
    Ok(ordered(pairs.map(|(port, published)| one(numbered(&container, port), Some(numbered(host, published)))).collect()))
}

fn ordered(mut ports: Vec<Port>) -> Vec<Port> {
    ports.sort_by(|a, b| a.target.as_str().cmp(b.target.as_str()));
    ports
}

fn numbered(text: &Text, port: u16) -> Text {
    text.reworded(port.to_string())
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    let mut parts = text.split('-');
    let start = number(parts.next()?)?;
    let Some(end) = parts.next() else { return Some((start, start)) };
    let end = number(end)?;
    (start <= end).then_some((start, end))
}

/// The address without brackets; `None` if it is empty.
fn address(text: &Text) -> Result<Option<Text>, String> {
    let Some(known) = text.known() else { return Ok(Some(text.clone())) };
    let bare = match known.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => text.slice(1..inner.len() + 1),
        None if known.contains(':') => return Err(format!("{known} is no address")),
        None => text.clone(),
    };
    if bare.as_str().is_empty() {
        return Ok(None);
    }
    if bare.as_str().parse::<std::net::IpAddr>().is_err() {
        return Err(format!("{} is no address", bare.as_str()));
    }
    Ok(Some(bare))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_document::Span;

    fn read(line: &str) -> Result<Vec<String>, String> {
        let text = Text::written(line.to_owned(), Span::new(0, 0, line.len() as u32), line);
        let word = |text: &Option<Text>| text.as_ref().map_or("-".to_owned(), |text| text.as_str().to_owned());
        let show =
            |port: &Port| format!("{} {} {} {}", word(&port.host_ip), word(&port.published), port.target.as_str(), word(&port.protocol));
        parse(&text, 100).map(|ports| ports.iter().map(show).collect())
    }

    #[test]
    fn every_shape() {
        for (line, expected) in [
            ("80", vec!["- - 80 -"]),
            ("8080:80", vec!["- 8080 80 -"]),
            ("127.0.0.1:8080:80/UDP", vec!["127.0.0.1 8080 80 udp"]),
            ("127.0.0.1::80", vec!["127.0.0.1 - 80 -"]),
            ("[::1]:1:2", vec!["::1 1 2 -"]),
            ("19-20:9-10", vec!["- 20 10 -", "- 19 9 -"]),
            ("3000-3005:80", vec!["- 3000-3005 80 -"]),
            ("080:080", vec!["- 80 80 -"]),
        ] {
            assert_eq!(read(line), Ok(expected.iter().map(|text| (*text).to_owned()).collect()), "{line}");
        }
    }

    #[test]
    fn what_compose_refuses() {
        for line in ["", "x", "1:", "1-2:3-5", "70000", "1.2.3:1:2", "::1:1:2", "80/x", "2-1"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
