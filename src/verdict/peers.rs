//! Peers' rule ids in every spelling they are known by.

/// A peer's rule id in the one spelling that ids are compared in: lower case; Trivy's without the `AVD-` of older releases, and `DS002`,
/// `KSV014` of the oldest as `ds-0002`, `ksv-0014`.
pub fn normal_id(peer: &str, id: &str) -> String {
    let id = id.trim().to_ascii_lowercase();
    if !matches!(peer, "trivy" | "tfsec") {
        return id;
    }
    let id = id.strip_prefix("avd-").unwrap_or(&id);
    let letters = id.bytes().take_while(u8::is_ascii_lowercase).count();
    let digits = &id[letters..];
    if matches!(&id[..letters], "ds" | "ksv") && !digits.is_empty() && digits.len() < 5 && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("{}-{digits:0>4}", &id[..letters]);
    }
    id.to_owned()
}

/// Splits `hadolint:DL3002`. What stands before the first colon must look like a tool's name.
pub(crate) fn split(text: &str) -> Option<(String, &str)> {
    let (peer, id) = text.split_once(':')?;
    let name = !peer.is_empty() && peer.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (name && !id.is_empty()).then(|| (peer.to_ascii_lowercase(), id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_id_are_one() {
        for id in ["AVD-DS-0002", "DS-0002", "ds002", "avd-ds-0002"] {
            assert_eq!(normal_id("trivy", id), "ds-0002", "{id}");
        }
        assert_eq!(normal_id("trivy", "AVD-AWS-0086"), "aws-0086");
        assert_eq!(normal_id("hadolint", "DL3002"), "dl3002");
        assert_eq!(normal_id("kics", "DS002"), "ds002");
    }

    #[test]
    fn prefix_is_a_tools_name() {
        assert_eq!(split("hadolint:DL3002"), Some(("hadolint".into(), "DL3002")));
        assert_eq!(split("DL3002"), None);
        assert_eq!(split(":x"), None);
        assert_eq!(split("a/b:c"), None);
    }
}
