//! What stands for a name where it is remembered? Names can be long, and files can hold many.

use sha2::{Digest, Sha256};

/// The first half of the digest of a name.
pub(crate) fn digest_of(name: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    let mut short = [0; 16];
    for (byte, from) in short.iter_mut().zip(digest) {
        *byte = from;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        assert_eq!(digest_of("rule@host"), digest_of("rule@host"));
        assert_ne!(digest_of("rule@host"), digest_of("rule@other"));
    }
}
