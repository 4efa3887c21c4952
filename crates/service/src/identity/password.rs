//! Which passwords are taken, and how are they kept? argon2id, two at a time, never on a thread that serves requests.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::secret::{NoRandomness, Secret, random};

/// Shorter ones are guessed.
pub const PASSWORD_BYTES_MIN: usize = 12;
/// Longer ones only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// 19 MiB, two passes, one lane: what a sign-in may cost.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once; each holds 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;

/// Passwords (lower case, letters and digits alone) that anybody would try first.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than 12 bytes.
    #[error("the password is shorter than {PASSWORD_BYTES_MIN} characters")]
    TooShort,
    /// More than 1,024 bytes.
    #[error("the password is longer than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// On the list of common ones, or one letter again and again.
    #[error("the password is one of those that are tried first")]
    Common,
}

/// Hashing failed for a reason that no password can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// No random salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// argon2 or the thread that ran it failed.
    #[error("a password could not be hashed")]
    Failed,
}

/// Whether a password may be chosen.
///
/// # Errors
/// [`PasswordRefused`].
pub fn check(password: &str) -> Result<(), PasswordRefused> {
    if password.len() < PASSWORD_BYTES_MIN {
        return Err(PasswordRefused::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordRefused::TooLong);
    }
    let plain: String =
        password.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut letters = plain.chars();
    let one_letter = letters.next().is_none_or(|first| letters.all(|letter| letter == first));
    if one_letter || COMMON.lines().any(|common| common == plain) {
        return Err(PasswordRefused::Common);
    }
    Ok(())
}

/// Makes and checks hashes, two at a time.
#[derive(Clone, Debug)]
pub struct Hasher {
    places: Arc<Semaphore>,
    dummy: Arc<tokio::sync::OnceCell<String>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(HASHES_AT_ONCE)), dummy: Arc::default() }
    }
}

impl Hasher {
    /// The hash to store, in the PHC form.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, password: Secret<String>) -> Result<String, HashError> {
        let salt = random::<16>()?;
        self.run(move || hash_now(password.expose().as_bytes(), &salt)).await?
    }

    /// Whether the password fits the stored hash. Without a stored hash a dummy is compared, so that an unknown person
    /// takes as long as a wrong password.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn verify(&self, password: Secret<String>, stored: Option<String>) -> Result<bool, HashError> {
        let known = stored.is_some();
        let stored = match stored {
            Some(stored) => stored,
            None => self.dummy().await?,
        };
        let fits = self.run(move || verify_now(password.expose().as_bytes(), &stored)).await?;
        Ok(known && fits)
    }

    async fn dummy(&self) -> Result<String, HashError> {
        let hash = self.dummy.get_or_try_init(|| self.hash(Secret::new("nobody has this password".to_owned()))).await?;
        Ok(hash.clone())
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| HashError::Failed)?;
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| HashError::Failed)
    }
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &[u8], salt: &[u8]) -> Result<String, HashError> {
    let salt = SaltString::encode_b64(salt).map_err(|_| HashError::Failed)?;
    let hash = argon2()?.hash_password(cut(password), &salt).map_err(|_| HashError::Failed)?;
    Ok(hash.to_string())
}

fn verify_now(password: &[u8], stored: &str) -> bool {
    let (Ok(argon2), Ok(stored)) = (argon2(), PasswordHash::new(stored)) else {
        return false;
    };
    argon2.verify_password(cut(password), &stored).is_ok()
}

/// A megabyte of password is cut before it costs anything; no accepted password is that long.
fn cut(password: &[u8]) -> &[u8] {
    password.get(..PASSWORD_BYTES_MAX + 1).unwrap_or(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        assert_eq!(check("elevenchars"), Err(PasswordRefused::TooShort));
        assert_eq!(check(&"ab".repeat(513)), Err(PasswordRefused::TooLong));
        for common in [
            "Password1234",
            "123456789012",
            "qwertyuiop12",
            "aaaaaaaaaaaaaa",
            "------------",
            "P-a-s-s-w-o-r-d-1-2-3-4",
        ] {
            assert_eq!(check(common), Err(PasswordRefused::Common), "{common}");
        }
        assert_eq!(check("correct horse battery"), Ok(()));
        assert_eq!(check(&"ab".repeat(512)), Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hasher = Hasher::default();
        let hash = hasher.hash(Secret::new("correct horse battery".to_owned())).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let fits = async |password: &str, stored: Option<&str>| {
            hasher.verify(Secret::new(password.to_owned()), stored.map(str::to_owned)).await.unwrap()
        };
        assert!(fits("correct horse battery", Some(&hash)).await);
        assert!(!fits("correct horse batterz", Some(&hash)).await);
        assert!(!fits("", Some(&hash)).await);
        assert!(!fits("correct horse battery", Some("not a hash")).await);
    }

    #[tokio::test]
    async fn nobody_signs_in_with_the_dummy() {
        let hasher = Hasher::default();
        assert!(!hasher.verify(Secret::new("nobody has this password".to_owned()), None).await.unwrap());
    }
}
