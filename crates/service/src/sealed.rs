//! How do secrets lie at rest that must be readable again? Sealed under a key that lies beside the database and in no
//! backup of it: who has the rows alone has nothing.

use crate::identity::secret::{Secret, random};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use store::StoreError;

const FOLDER: &str = "keys";
const FILE: &str = "data.key";
/// A key file is one line; a longer one is none.
const FILE_BYTES_MAX: u64 = 256;
const NONCE_BYTES: usize = 24;
const ID_LETTERS: usize = 8;

/// The key that secrets of this data directory are sealed under.
pub(crate) struct DataKey {
    key: Secret<[u8; 32]>,
    id: String,
}

impl DataKey {
    fn of(key: [u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"wallclock/data-key/1\0");
        hash.update(key);
        let id: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { key: Secret::new(key), id: id.chars().take(ID_LETTERS).collect() }
    }

    /// What the key is called where something is sealed under it. It says nothing of the key.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The key of a data directory, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] for a file that others may read, or that is no key.
    pub(crate) fn read(data_dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = path_of(data_dir);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&path, &error.to_string())),
        };
        let mode = file.metadata().map_err(|error| unusable(&path, &error.to_string()))?.mode();
        if mode & 0o077 != 0 {
            return Err(unusable(&path, "others may read it; set its mode to 0600"));
        }
        let mut text = String::new();
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(|error| unusable(&path, &error.to_string()))?;
        let key = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        key.map(|key| Some(Self::of(key))).ok_or_else(|| unusable(&path, "it is not 43 letters of a key"))
    }

    /// The same; a directory without a key gets one. Two processes that make one at once end with the same.
    ///
    /// # Errors
    /// As [`DataKey::read`], or when it cannot be written.
    pub(crate) fn read_or_make(data_dir: &Path) -> Result<Self, StoreError> {
        if let Some(key) = Self::read(data_dir)? {
            return Ok(key);
        }
        let path = path_of(data_dir);
        make(data_dir, &path).map_err(|error| unusable(&path, &error.to_string()))?;
        Self::read(data_dir)?.ok_or_else(|| unusable(&path, "it went away"))
    }

    /// Seals a text; what it is about is bound to it, so that it opens in no other place.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE_BYTES] = random().map_err(|_| StoreError::damaged("the system gave no random bytes"))?;
        let payload = Payload { msg: plain, aad: about.as_bytes() };
        let sealed = self.cipher().encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| StoreError::damaged("a secret is too long to be sealed"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed about the same thing.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it was sealed under another key, about something else, or changed since.
    pub(crate) fn open(&self, about: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>, StoreError> {
        let damaged = || StoreError::damaged(format!("what is sealed about {about} does not open"));
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
        let payload = Payload { msg: rest, aad: about.as_bytes() };
        self.cipher().decrypt(&(*nonce).into(), payload).map(Secret::new).map_err(|_| damaged())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose().into())
    }
}

fn path_of(data_dir: &Path) -> PathBuf {
    data_dir.join(FOLDER).join(FILE)
}

/// Writes a new key under a name of its own and links it to its place, which fails where another came first.
fn make(data_dir: &Path, path: &Path) -> std::io::Result<()> {
    let folder = data_dir.join(FOLDER);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let no_randomness = |_| std::io::Error::other("the system gave no random bytes");
    let (key, name): ([u8; 32], [u8; 8]) = (random().map_err(no_randomness)?, random().map_err(no_randomness)?);
    let own = folder.join(format!("{FILE}.{}", URL_SAFE_NO_PAD.encode(name)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&own)?;
    let written = writeln!(file, "{}", URL_SAFE_NO_PAD.encode(key)).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&own, path));
    std::fs::remove_file(&own)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => File::open(&folder)?.sync_all(),
    }
}

fn unusable(path: &Path, why: &str) -> StoreError {
    StoreError::Unsafe(format!("the data key `{}`: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("wallclock-key-{name}-{}", std::process::id()));
            drop(std::fs::remove_dir_all(&path));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn what_is_sealed_opens_under_the_same_key_about_the_same_thing_alone() {
        let (ours, theirs) = (DataKey::of([7; 32]), DataKey::of([8; 32]));
        let sealed = ours.seal("webhook 1", b"secret").unwrap();
        assert_eq!(ours.open("webhook 1", &sealed).unwrap().expose(), b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(sealed, ours.seal("webhook 1", b"secret").unwrap(), "a nonce is used once");
        assert!(ours.open("webhook 2", &sealed).is_err());
        assert!(theirs.open("webhook 1", &sealed).is_err());
        assert!(ours.open("webhook 1", &sealed[..20]).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(ours.open("webhook 1", &changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_directory_gets_one_key_for_its_owner_alone() {
        let folder = Folder::new("made");
        assert!(DataKey::read(&folder.0).unwrap().is_none());
        let first = DataKey::read_or_make(&folder.0).unwrap();
        let second = DataKey::read_or_make(&folder.0).unwrap();
        assert_eq!((first.id(), first.id().len()), (second.id(), ID_LETTERS));
        let path = path_of(&folder.0);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.0.join(FOLDER)).unwrap().count(), 1, "nothing is left beside it");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(DataKey::read(&folder.0), Err(StoreError::Unsafe(_))));
    }

    #[test]
    fn a_file_that_is_no_key_is_refused() {
        let folder = Folder::new("bad");
        DataKey::read_or_make(&folder.0).unwrap();
        for text in ["", "short", &"a".repeat(44), &"!".repeat(43)] {
            std::fs::write(path_of(&folder.0), text).unwrap();
            assert!(matches!(DataKey::read_or_make(&folder.0), Err(StoreError::Unsafe(_))), "{text}");
        }
    }
}
