//! How is a name that is too long for an identifier made to fit, so that it stays the same each time?

use sha2::{Digest, Sha256};

/// An identifier has at most so many characters.
const CHARACTERS_MAX: usize = 256;

/// A sign and 32 digits stand at the end of a name that was cut.
const TAIL_CHARACTERS: usize = 33;

/// The name itself, or its beginning with a digest of all of it.
pub(crate) fn fitted(name: String) -> String {
    if name.chars().count() <= CHARACTERS_MAX {
        return name;
    }
    let digest = Sha256::digest(name.as_bytes());
    let tail: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let start: String = name.chars().take(CHARACTERS_MAX.saturating_sub(TAIL_CHARACTERS)).collect();
    format!("{start}~{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_still_told_apart() {
        assert_eq!(fitted("rule@host".to_owned()), "rule@host");
        let (one, other) = (fitted(format!("{}1", "é".repeat(300))), fitted(format!("{}2", "é".repeat(300))));
        assert_eq!((one.chars().count(), other.chars().count()), (256, 256));
        assert_ne!(one, other);
    }
}
