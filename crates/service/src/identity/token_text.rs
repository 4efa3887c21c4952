//! How is an API token written? `wc_<8 letters of id>_<43 letters of secret>`.

use super::secret::{KEY_LETTERS, NoRandomness, Secret, hash_of, looks_like_key, new_key, new_word};

/// Letters of the part that finds the token.
pub const TOKEN_ID_LETTERS: usize = 8;

/// A token as somebody sends it.
#[derive(Clone, Debug)]
pub struct TokenText {
    /// Finds the row; no secret.
    pub public_id: String,
    /// Proves it.
    pub key: Secret<String>,
}

impl TokenText {
    /// A fresh token.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self { public_id: new_public_id()?, key: new_key()? })
    }

    /// Reads a token; `None` for anything that we never wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (public_id, key) = text.strip_prefix("wc_")?.split_at_checked(TOKEN_ID_LETTERS)?;
        let key = key.strip_prefix('_')?;
        (is_public_id(public_id) && looks_like_key(key))
            .then(|| Self { public_id: public_id.to_owned(), key: Secret::new(key.to_owned()) })
    }

    /// The whole token, to be shown once.
    #[must_use]
    pub fn write(&self) -> Secret<String> {
        debug_assert_eq!(self.key.expose().len(), KEY_LETTERS);
        Secret::new(format!("wc_{}_{}", self.public_id, self.key.expose()))
    }

    /// What is stored of the secret part.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash_of(self.key.expose())
    }
}

/// Whether a text has the form of the part that finds a token.
#[must_use]
pub fn is_public_id(text: &str) -> bool {
    text.len() == TOKEN_ID_LETTERS && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Letters for a token that is about to be made.
///
/// # Errors
/// [`NoRandomness`].
pub fn new_public_id() -> Result<String, NoRandomness> {
    new_word(TOKEN_ID_LETTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        let token = TokenText::new().unwrap();
        let text = token.write();
        assert_eq!(text.expose().len(), 3 + 8 + 1 + 43);
        let read = TokenText::read(text.expose()).unwrap();
        assert_eq!((read.public_id, read.key.expose().clone()), (token.public_id, token.key.expose().clone()));
    }

    #[test]
    fn nothing_else_is_a_token() {
        let good = TokenText::new().unwrap().write();
        let good = good.expose();
        let wrong = [
            String::new(),
            "wc_".to_owned(),
            good.to_uppercase(),
            format!("{good}a"),
            format!(" {good}"),
            good.replacen('_', "-", 1),
            "wc_ééééa_".to_owned(),
            format!("wc_abcdefgh_{}", "ü".repeat(22)),
        ];
        for text in wrong {
            assert!(TokenText::read(&text).is_none(), "{text}");
        }
    }
}
