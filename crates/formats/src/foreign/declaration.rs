//! Is the text of an XML file in the encoding that it declares?

/// Encodings whose text is ours once byte order marks are off.
const OURS: [&str; 5] = ["utf-8", "utf8", "utf-16", "us-ascii", "ascii"];

/// Whether an instruction, without its brackets, declares no encoding but one of ours; others declare nothing.
pub(super) fn is_readable(instruction: &str) -> bool {
    let text = instruction.to_ascii_lowercase();
    let Some((_, named)) = text.strip_prefix("xml ").and_then(|rest| rest.split_once("encoding")) else {
        return true;
    };
    let name = named.trim_start_matches(|sign: char| !sign.is_ascii_alphanumeric());
    let end = name.find(['"', '\'', '?', ' ']).unwrap_or(name.len());
    name.get(..end).is_some_and(|name| OURS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_declaration_names_an_encoding() {
        for text in ["xml version='1.0'", "xml version='1.0' encoding = \"UTF-8\" ?", "style encoding='latin-1'", ""] {
            assert!(is_readable(text), "{text}");
        }
        assert!(!is_readable("xml version=\"1.0\" encoding='ISO-8859-1'"));
    }
}
