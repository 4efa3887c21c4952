//! How are secrets made, compared and kept from being printed?

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Something that never shows itself in a log, an error or a debug print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps what must not be seen.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness;

/// Length of 32 bytes in base64 without padding.
pub const KEY_LETTERS: usize = 43;

/// `N` random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A fresh key of 256 bits as 43 letters that are safe in a URL, a cookie and a shell.
///
/// # Errors
/// [`NoRandomness`].
pub fn new_key() -> Result<Secret<String>, NoRandomness> {
    random::<32>().map(|bytes| Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// `count` random lower-case letters and digits; every one equally likely.
///
/// # Errors
/// [`NoRandomness`].
pub fn new_word(count: usize) -> Result<String, NoRandomness> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut word = String::with_capacity(count);
    while word.len() < count {
        for byte in random::<32>()? {
            if let Some(letter) = LETTERS.get(usize::from(byte & 31))
                && word.len() < count
            {
                word.push(char::from(*letter));
            }
        }
    }
    Ok(word)
}

/// Whether a text has the form of a key of ours; nothing else is looked up.
#[must_use]
pub fn looks_like_key(text: &str) -> bool {
    text.len() == KEY_LETTERS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// What is stored instead of a key: enough to recognise it, useless to sign in with.
#[must_use]
pub fn hash_of(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Compares two hashes in a time that says nothing about them.
#[must_use]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn keys_differ_and_look_like_keys() {
        let (one, two) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one, two);
        assert!(looks_like_key(one.expose()));
        for text in ["", "abc", &"a".repeat(44), &format!("{}=", "a".repeat(42)), &"é".repeat(21)] {
            assert!(!looks_like_key(text), "{text}");
        }
    }

    #[test]
    fn hashes_compare_by_content() {
        assert!(same(&hash_of("a"), &hash_of("a")));
        assert!(!same(&hash_of("a"), &hash_of("b")));
        assert!(!same(&hash_of("a"), b"short"));
    }

    #[test]
    fn a_word_has_the_asked_length() {
        assert_eq!(new_word(8).unwrap().len(), 8);
        assert_eq!(new_word(70).unwrap().len(), 70);
    }
}
