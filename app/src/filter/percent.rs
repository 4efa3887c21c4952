//! How does a text stand in an address? Percent-encoding, both ways, for queries and for one segment of a path.

/// Letters that mean nothing but themselves anywhere in an address.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// `text` as it may stand as one value of a query or one segment of a path.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The text behind an encoded value of a query. A broken escape stands for itself; a plus is a space.
#[must_use]
pub fn decode(encoded: &str) -> String {
    let bytes = encoded.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = if byte == b'%' { bytes.get(at + 1..at + 3).and_then(hex) } else { None };
        plain.push(match (escaped, byte) {
            (Some(value), _) => value,
            (None, b'+') => b' ',
            (None, other) => other,
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_comes_back() {
        for text in ["w002017", "CVE-2024-1/host a+b", "100 %", "Zoë 監査 🙂", "a=b&c#d?"] {
            assert_eq!(decode(&encode(text)), text);
        }
    }

    #[test]
    fn an_id_with_a_slash_stays_one_segment() {
        assert_eq!(encode("a/b c"), "a%2Fb%20c");
    }

    #[test]
    fn a_broken_escape_stands_for_itself() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%+1%zz"), "% 1%zz");
    }

    #[test]
    fn a_plus_in_a_query_is_a_space() {
        assert_eq!(decode("two+words"), "two words");
    }
}
