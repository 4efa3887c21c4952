//! Where does a draft lie? Two files under the data directory, found by a random word, gone after a day.

use super::{Answers, DRAFT_SECONDS};
use crate::{
    error::{Refusal, ServiceError},
    identity::secret::new_word,
    ingest::{FileSaid, ReceivedAt},
};
use domain::{id::OrgId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{ErrorKind, Seek, Write},
    path::{Path, PathBuf},
};
use store::StoreError;

/// Letters of the word a draft is found by: nobody guesses it.
const WORD_LETTERS: usize = 24;
/// Drafts of one organisation that wait at a time.
const DRAFTS_MAX: usize = 20;

/// A file that waits, with what was said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The organisation it belongs to.
    pub org: i64,
    /// Who brought it, as the audit trail names them.
    pub actor: String,
    /// Its name, for people.
    pub name: String,
    /// Its length, unpacked.
    pub bytes: u64,
    /// When it came, in seconds since 1970.
    pub made_at: i64,
    /// What was said about it.
    pub answers: Answers,
    /// What was said about it when it came, until its format is known.
    #[serde(default)]
    pub said: FileSaid,
    /// Which moment counts as the one at which its lines were learnt.
    #[serde(default)]
    pub received_at: ReceivedAt,
}

impl Draft {
    /// When it is forgotten.
    #[must_use]
    pub const fn ends_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.made_at.saturating_add(DRAFT_SECONDS))
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends_at()
    }
}

/// The folder of all drafts.
pub(super) struct Shelf(PathBuf);

impl Shelf {
    pub(super) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join("spool").join("drafts"))
    }

    /// Keeps a file under a new word.
    pub(super) fn keep(&self, mut file: &File, mut draft: Draft, now: Timestamp) -> Result<String, ServiceError> {
        fs::create_dir_all(&self.0).map_err(|error| self.disk(error))?;
        self.sweep(now)?;
        if self.list(OrgId::from_row(draft.org), now)?.len() >= DRAFTS_MAX {
            let detail = format!("{DRAFTS_MAX} files wait for a mapping already");
            return Err(Refusal::new("drafts_full", detail).hint("import or discard one of them").into());
        }
        let word = new_word(WORD_LETTERS).map_err(|_| StoreError::damaged("the system gave no random bytes"))?;
        let kept = file.rewind().and_then(|()| {
            let mut copy = File::options().write(true).create_new(true).open(self.path(&word, "file"))?;
            let bytes = std::io::copy(&mut file, &mut copy)?;
            copy.flush().map(|()| bytes)
        });
        draft.bytes = kept.map_err(|error| {
            self.leave(&word);
            self.disk(error)
        })?;
        self.save(&word, &draft)?;
        Ok(word)
    }

    /// The draft of that word, for its own organisation alone.
    pub(super) fn find(&self, word: &str, org: OrgId, now: Timestamp) -> Result<Draft, ServiceError> {
        let draft = self.read(word)?.filter(|draft| draft.org == org.get() && !draft.is_over(now));
        draft.ok_or(ServiceError::NotFound)
    }

    /// Its file.
    pub(super) fn open(&self, word: &str) -> Result<File, ServiceError> {
        match File::open(self.path(word, "file")) {
            Ok(file) => Ok(file),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(ServiceError::NotFound),
            Err(error) => Err(self.disk(error)),
        }
    }

    /// Keeps what was said; whoever reads meanwhile sees all of it or nothing.
    pub(super) fn save(&self, word: &str, draft: &Draft) -> Result<(), ServiceError> {
        let text = serde_json::to_string(draft).map_err(|_| StoreError::damaged("a draft cannot be written"))?;
        let fresh = self.path(word, "new");
        let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, self.path(word, "json")));
        written.map_err(|error| self.disk(error))
    }

    pub(super) fn forget(&self, word: &str) -> Result<(), ServiceError> {
        for ending in ["json", "file", "words"] {
            match fs::remove_file(self.path(word, ending)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(self.disk(error)),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Keeps beside a draft what reading all of its file has told, so that it is read once.
    pub(super) fn note(&self, word: &str, text: &str) -> Result<(), ServiceError> {
        let fresh = self.path(word, "noted");
        let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, self.path(word, "words")));
        written.map_err(|error| self.disk(error))
    }

    /// What was kept beside a draft.
    pub(super) fn noted(&self, word: &str) -> Result<Option<String>, ServiceError> {
        match fs::read_to_string(self.path(word, "words")) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.disk(error)),
        }
    }

    /// The drafts of an organisation, oldest first.
    pub(super) fn list(&self, org: OrgId, now: Timestamp) -> Result<Vec<(String, Draft)>, ServiceError> {
        let mut found = Vec::new();
        for word in self.words()? {
            if let Some(draft) = self.read(&word)?.filter(|draft| draft.org == org.get() && !draft.is_over(now)) {
                found.push((word, draft));
            }
        }
        found.sort_by(|(one, first), (other, second)| first.made_at.cmp(&second.made_at).then(one.cmp(other)));
        Ok(found)
    }

    /// Forgets what has waited too long, of every organisation, and what can no longer be read.
    fn sweep(&self, now: Timestamp) -> Result<(), ServiceError> {
        for word in self.words()? {
            if self.read(&word)?.is_none_or(|draft| draft.is_over(now)) {
                self.forget(&word)?;
            }
        }
        Ok(())
    }

    fn words(&self) -> Result<Vec<String>, ServiceError> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.disk(error)),
        };
        let mut words = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| self.disk(error))?.file_name();
            words.extend(name.to_str().and_then(|name| name.strip_suffix(".json")).map(str::to_owned));
        }
        Ok(words)
    }

    /// What stands under a word, if anything that can be read does.
    fn read(&self, word: &str) -> Result<Option<Draft>, ServiceError> {
        if !is_word(word) {
            return Ok(None);
        }
        match fs::read_to_string(self.path(word, "json")) {
            Ok(text) => Ok(serde_json::from_str(&text).ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.disk(error)),
        }
    }

    fn path(&self, word: &str, ending: &str) -> PathBuf {
        self.0.join(format!("{word}.{ending}"))
    }

    /// Takes away what was begun, where the disk lets us.
    fn leave(&self, word: &str) {
        if let Err(error) = self.forget(word) {
            tracing::warn!(%error, "a draft that was not kept left a file behind");
        }
    }

    fn disk(&self, source: std::io::Error) -> ServiceError {
        if source.kind() == ErrorKind::StorageFull {
            return ServiceError::StorageFull;
        }
        StoreError::Directory { path: self.0.clone(), source }.into()
    }
}

/// Nothing but a word of ours becomes part of a path.
fn is_word(word: &str) -> bool {
    word.len() == WORD_LETTERS && word.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn only_words_of_ours_lead_to_a_file() {
        assert!(is_word(&"a2".repeat(12)));
        for word in [
            "",
            "a",
            "../../../etc/passwd12345",
            "AAAAAAAAAAAAAAAAAAAAAAAA",
            "aaaaaaaaaaaaaaaaaaaaaaa.",
            "é".repeat(12).as_str(),
        ] {
            assert!(!is_word(word), "{word}");
        }
    }
}
