//! The peers' own ignore comments.

use jiff::civil::Date;

/// How far a peer's comment reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What any waiver in this place covers: the next instruction, entry or block, or the one it stands behind.
    Next,
    /// The whole file.
    File,
    /// The whole file, if nothing but comments stands before it.
    FileFromTop,
    /// The line it stands on.
    Line,
    /// The line below.
    NextLine,
    /// The block it stands in.
    Block,
}

/// What one peer's comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PeerIgnore {
    pub(crate) peer: &'static str,
    /// Ids as written; `*` for all of the peer's.
    pub(crate) ids: Vec<String>,
    pub(crate) reach: Reach,
    pub(crate) until: Option<Date>,
    pub(crate) reason: Option<String>,
}

impl PeerIgnore {
    fn new(peer: &'static str, ids: Vec<String>, reach: Reach) -> Self {
        Self { peer, ids, reach, until: None, reason: None }
    }
}

/// Everything that peers would read in one line of a comment.
pub(crate) fn parse(body: &str) -> Vec<PeerIgnore> {
    // Most comments are prose; every marker has the beginning of `ignore`, `skip`, `disable` or `kics-scan` in it.
    if !body.as_bytes().windows(3).any(|three| matches!(three, b"ign" | b"ski" | b"dis" | b"kic")) {
        return Vec::new();
    }
    let mut all = Vec::new();
    all.extend(pragma(body, "hadolint"));
    all.extend(pragma(body, "tally"));
    all.extend(skip(body, "checkov:skip=", "checkov"));
    all.extend(skip(body, "bridgecrew:skip=", "checkov"));
    all.extend(terrascan(body));
    all.extend(colons(body, "trivy:ignore:", "trivy"));
    all.extend(colons(body, "tfsec:ignore:", "tfsec"));
    all.extend(kics(body));
    all.extend(dclint(body));
    all.extend(tflint(body));
    all
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// A comma-separated list with optional spaces around the commas, and what follows it.
fn leading_list(text: &str) -> (Vec<String>, &str) {
    let mut end = 0;
    let mut ids = Vec::new();
    loop {
        let rest = &text[end..];
        let spaces = rest.len() - rest.trim_start().len();
        let word = rest.trim_start().find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len() - spaces);
        if word == 0 {
            break;
        }
        ids.push(text[end + spaces..end + spaces + word].to_owned());
        end += spaces + word;
        let after = &text[end..];
        let Some(comma) = after.trim_start().strip_prefix(',') else { break };
        end = text.len() - comma.len();
    }
    (ids, text[end..].trim())
}

fn reason(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['#', ';', ':', '-', ' ']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `hadolint ignore=A,B # why`, `hadolint global ignore=A`, and tally's of the same form.
fn pragma(body: &str, tool: &'static str) -> Option<PeerIgnore> {
    let rest = body.strip_prefix(tool)?.strip_prefix(char::is_whitespace)?.trim_start();
    let (rest, reach) = match rest.strip_prefix("global") {
        Some(rest) => (rest.trim_start(), Reach::File),
        None => (rest, Reach::Next),
    };
    let (ids, after) = leading_list(rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?);
    let why = after.strip_prefix(";reason=").or_else(|| after.strip_prefix("reason=")).unwrap_or(after);
    Some(PeerIgnore { reason: reason(why), ..PeerIgnore::new(tool, ids, reach) })
}

/// `checkov:skip=CKV_AWS_20,CKV_AWS_57:why`.
fn skip(body: &str, marker: &str, peer: &'static str) -> Option<PeerIgnore> {
    let text = body[body.find(marker)? + marker.len()..].trim_start();
    let end = text.find(|c: char| c == ':' || c.is_whitespace()).unwrap_or(text.len());
    Some(PeerIgnore { reason: reason(&text[end..]), ..PeerIgnore::new(peer, list(&text[..end]), Reach::Block) })
}

/// `ts:skip=AC_AWS_0001 why`.
fn terrascan(body: &str) -> Option<PeerIgnore> {
    if body.starts_with("ts:skip=") { skip(body, "ts:skip=", "terrascan") } else { None }
}

/// `trivy:ignore:AVD-AWS-0086:exp:2027-01-31 trivy:ignore:…`. One bound to a workspace is not honoured: which runs here cannot be told.
fn colons(body: &str, marker: &str, peer: &'static str) -> Vec<PeerIgnore> {
    let mut all = Vec::new();
    for word in body.split_whitespace() {
        let Some(text) = word.find(marker).map(|at| &word[at + marker.len()..]) else { continue };
        let mut parts = text.split(':');
        let id = parts.next().unwrap_or_default();
        // `ID[attribute=value]` narrows to one of several values, which findings do not tell apart.
        if id.is_empty() || id.contains('[') {
            continue;
        }
        let mut ignore = PeerIgnore::new(peer, vec![id.to_owned()], Reach::Next);
        let mut sound = true;
        while let Some(key) = parts.next() {
            match (key, parts.next().map(str::parse::<Date>)) {
                ("exp", Some(Ok(date))) => ignore.until = Some(date),
                _ => sound = false,
            }
        }
        if sound {
            all.push(ignore);
        }
    }
    all
}

/// `kics-scan ignore`, `kics-scan ignore-line`, `kics-scan ignore-block`, `kics-scan disable=ID,ID`.
fn kics(body: &str) -> Option<PeerIgnore> {
    let rest = body.strip_prefix("kics-scan")?.trim_start();
    let all = || vec!["*".to_owned()];
    if let Some(ids) = rest.strip_prefix("disable=") {
        return Some(PeerIgnore::new("kics", leading_list(ids).0, Reach::FileFromTop));
    }
    match rest.split_whitespace().next()? {
        "ignore" => Some(PeerIgnore::new("kics", all(), Reach::FileFromTop)),
        "ignore-line" => Some(PeerIgnore::new("kics", all(), Reach::NextLine)),
        "ignore-block" => Some(PeerIgnore::new("kics", all(), Reach::Next)),
        _ => None,
    }
}

/// `dclint disable RULE…`, `dclint disable-line RULE…`.
fn dclint(body: &str) -> Option<PeerIgnore> {
    let rest = body.strip_prefix("dclint")?.trim_start();
    let (word, ids) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let reach = match word {
        "disable" | "disable-file" => Reach::FileFromTop,
        "disable-line" => Reach::Line,
        "disable-next-line" => Reach::NextLine,
        _ => return None,
    };
    let mut ids: Vec<String> = ids.split([',', ' ']).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    if ids.is_empty() {
        ids.push("*".into());
    }
    Some(PeerIgnore::new("dclint", ids, reach))
}

/// `tflint-ignore: RULE, RULE # why`, `tflint-ignore-file: RULE`.
fn tflint(body: &str) -> Option<PeerIgnore> {
    let (rest, reach) = match body.strip_prefix("tflint-ignore-file:") {
        Some(rest) => (rest, Reach::File),
        None => (body.strip_prefix("tflint-ignore:")?, Reach::Next),
    };
    let (ids, after) = leading_list(rest);
    Some(PeerIgnore { reason: reason(after), ..PeerIgnore::new("tflint", ids, reach) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(body: &str) -> (&'static str, Vec<String>, Reach, Option<String>, Option<String>) {
        let all = parse(body);
        assert_eq!(all.len(), 1, "{body}: {all:?}");
        let first = all.into_iter().next().unwrap_or_else(|| PeerIgnore::new("", vec![], Reach::Next));
        (first.peer, first.ids, first.reach, first.until.map(|date| date.to_string()), first.reason)
    }

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn each_peers_own_form() {
        assert_eq!(
            one("hadolint ignore=DL3008, DL3009 # pinned below"),
            ("hadolint", ids(&["DL3008", "DL3009"]), Reach::Next, None, Some("pinned below".into()))
        );
        assert_eq!(one("hadolint global ignore=DL3008"), ("hadolint", ids(&["DL3008"]), Reach::File, None, None));
        assert_eq!(
            one("checkov:skip=CKV_AWS_20:The bucket is public"),
            ("checkov", ids(&["CKV_AWS_20"]), Reach::Block, None, Some("The bucket is public".into()))
        );
        assert_eq!(
            one("trivy:ignore:AVD-AWS-0086:exp:2027-01-31"),
            ("trivy", ids(&["AVD-AWS-0086"]), Reach::Next, Some("2027-01-31".into()), None)
        );
        assert_eq!(one("tfsec:ignore:aws-s3-enable-versioning").0, "tfsec");
        assert_eq!(one("kics-scan ignore-block").2, Reach::Next);
        assert_eq!(one("kics-scan disable=a-b,c-d").1, ids(&["a-b", "c-d"]));
        assert_eq!(one("dclint disable-line no-version-field").2, Reach::Line);
        assert_eq!(
            one("tflint-ignore: terraform_required_version"),
            ("tflint", ids(&["terraform_required_version"]), Reach::Next, None, None)
        );
        assert_eq!(one("tally global ignore=hadolint/DL3008").2, Reach::File);
        assert_eq!(one("ts:skip=AC_AWS_0001 known").4, Some("known".into()));
    }

    #[test]
    fn several_on_a_line_and_none_in_prose() {
        assert_eq!(parse("trivy:ignore:A-1 trivy:ignore:B-2").len(), 2);
        for prose in [
            "hadolint is run in CI: see ignore list",
            "ignore=DL3008",
            "why: because",
            "trivy:ignore:A-1:ws:prod",
            "trivy:ignore:A-1[port=80]",
            "dclint enable x",
        ] {
            assert_eq!(parse(prose), [], "{prose}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_comment_is_read(body in "(hadolint|ignore|=|,|:|trivy:ignore:|checkov:skip=|kics-scan| |é|A1|disable){0,10}") {
            parse(&body);
        }
    }
}
