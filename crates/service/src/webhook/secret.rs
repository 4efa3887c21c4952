//! How does a secret look that a tool signs with, and which bytes are its key?

use super::kind::Kind;
use crate::{
    error::Refusal,
    identity::secret::{NoRandomness, Secret, new_key, random},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// How Standard Webhooks mark a secret.
const MARK: &str = "whsec_";
/// A secret that a tool made is at least so long, and no longer.
const GIVEN_LETTERS: std::ops::RangeInclusive<usize> = 16..=256;
const STANDARD_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A fresh secret of 256 bits, in the form its tool wants.
pub(super) fn new_secret(kind: Kind) -> Result<Secret<String>, NoRandomness> {
    if kind.signs_moment() {
        return random::<32>().map(|bytes| Secret::new(format!("{MARK}{}", STANDARD.encode(bytes))));
    }
    new_key()
}

/// Whether a secret that the tool itself made can be used.
pub(super) fn check_given(kind: Kind, text: &str) -> Result<(), Refusal> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && GIVEN_LETTERS.contains(&text.len());
    if !is_plain {
        let (least, most) = (GIVEN_LETTERS.start(), GIVEN_LETTERS.end());
        let detail = format!("a secret has {least} to {most} visible characters, none of them a space");
        return Err(Refusal::new("bad_parameter", detail).hint("copy it whole, or leave it out: one is made then"));
    }
    match mac_key(kind, text) {
        Some(_) => Ok(()),
        None => Err(Refusal::new("bad_parameter", "the secret is not `whsec_` and 24 to 64 bytes in base64")
            .hint("leave it out: one is made then")),
    }
}

/// The bytes a signature is made with.
pub(super) fn mac_key(kind: Kind, text: &str) -> Option<Vec<u8>> {
    if !kind.signs_moment() {
        return Some(text.as_bytes().to_vec());
    }
    let bytes = STANDARD.decode(text.strip_prefix(MARK)?).ok()?;
    STANDARD_BYTES.contains(&bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_is_one_that_could_have_been_given() {
        for kind in Kind::ALL {
            let (one, two) = (new_secret(kind).unwrap(), new_secret(kind).unwrap());
            assert_ne!(one, two);
            assert_eq!(check_given(kind, one.expose()), Ok(()), "{kind:?}");
        }
        assert_eq!(mac_key(Kind::Generic, new_secret(Kind::Generic).unwrap().expose()).unwrap().len(), 32);
    }

    #[test]
    fn a_secret_that_is_none_is_refused() {
        for text in ["", "short", "fifteen letters", "with a space in it", &"x".repeat(257), "pässword-of-the-day"] {
            assert!(check_given(Kind::GitHub, text).is_err(), "{text}");
        }
        assert!(check_given(Kind::GitHub, &"x".repeat(16)).is_ok());
        for text in ["x".repeat(40), format!("whsec_{}", "a".repeat(12)), format!("whsec_{}", "!".repeat(44))] {
            assert!(check_given(Kind::Generic, &text).is_err(), "{text}");
        }
    }
}
