//! Text from bytes.

/// A file's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The text. Bytes that are not UTF-8 are `?` each, so that every offset is that of the file; a byte order mark is kept.
    pub text: String,
    /// What was wrong. With any fault but an empty list, the file must not be written back: the text is not the file's.
    pub fault: Option<Fault>,
}

/// Why a file is not plain text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Byte offset of the first offending byte.
    pub offset: u32,
    /// Its line, from 1.
    pub line: u32,
    /// The cause, a lowercase fragment.
    pub message: String,
}

/// Makes text of bytes. Never fails: intact parts of a file with stray bytes are judged, the fault is a notice.
pub fn decode(bytes: &[u8]) -> Decoded {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let fault = Fault { offset: 0, line: 1, message: "encoded as UTF-16; save it as UTF-8".into() };
        return Decoded { text: String::new(), fault: Some(fault) };
    }
    let (text, invalid) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => (replace_invalid(bytes), Some(error.valid_up_to())),
    };
    let nul = text.bytes().position(|byte| byte == 0);
    let fault = match (invalid, nul) {
        (Some(at), nul) if nul.is_none_or(|nul| at < nul) => Some(fault_at(bytes, at, &format!("byte 0x{:02x} is not UTF-8", bytes[at]))),
        (_, Some(at)) => Some(fault_at(bytes, at, "holds a NUL byte; is this a binary file?")),
        _ => None,
    };
    Decoded { text, fault }
}

fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

fn fault_at(bytes: &[u8], offset: usize, message: &str) -> Fault {
    let line = bytes[..offset].split(|byte| *byte == b'\n').count();
    Fault { offset: offset as u32, line: line as u32, message: format!("{message} (line {line}, byte offset {offset})") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn stray_byte_is_named_with_line_and_offset() {
        let decoded = decode(b"FROM a\n# caf\xe9\nUSER b\n");
        assert_eq!(decoded.text, "FROM a\n# caf?\nUSER b\n");
        let fault = decoded.fault.unwrap();
        assert_eq!((fault.offset, fault.line), (12, 2));
        assert!(fault.message.contains("0xe9"), "{}", fault.message);
    }

    #[test]
    fn nul_and_utf16_are_faults() {
        assert_eq!(decode(b"a\0b").fault.unwrap().offset, 1);
        assert!(decode(b"\xff\xfeF\0").fault.unwrap().message.contains("UTF-16"));
        assert_eq!(decode(b"").fault, None);
    }

    proptest::proptest! {
        #[test]
        fn offsets_stay(bytes: Vec<u8>) {
            let decoded = decode(&bytes);
            if !decoded.text.is_empty() {
                proptest::prop_assert_eq!(decoded.text.len(), bytes.len());
            }
            if decoded.fault.is_none() {
                proptest::prop_assert_eq!(decoded.text.as_bytes(), &bytes[..]);
            }
        }
    }
}
