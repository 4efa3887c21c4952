//! The hashes that make an edit show: a leaf an event, a root a batch, a head that holds the head before it.
//!
//! SHA-256 throughout; `lp` is a length of four bytes and then the bytes; integers are big-endian.

use crate::event_keys::EventKey;
use domain::{
    id::{BatchId, ImportId, OrgId},
    time::Timestamp,
};
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The random bytes in front of a raw line, so that nobody can guess a line from its hash.
pub type Salt = [u8; 16];

fn lp(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    hash.update(bytes);
}

/// The hash of a raw line with its salt.
#[must_use]
pub fn raw_hash(salt: &Salt, raw: &[u8]) -> Hash {
    Sha256::new().chain_update(salt).chain_update(raw).finalize().into()
}

/// What a leaf is made of.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Who sent the event.
    pub source: &'a str,
    /// Its key.
    pub key: &'a [u8],
    /// When it happened.
    pub at: Timestamp,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub canonical: &'a str,
    /// The hash of the raw line.
    pub raw_hash: &'a Hash,
}

impl Leaf<'_> {
    /// The hash of this leaf.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut hash = Sha256::new_with_prefix(b"wallclock/leaf/1\0");
        lp(&mut hash, self.source.as_bytes());
        lp(&mut hash, self.key);
        hash.update(self.at.seconds().to_be_bytes());
        hash.update(self.received_at.seconds().to_be_bytes());
        lp(&mut hash, self.canonical.as_bytes());
        hash.update(self.raw_hash);
        hash.finalize().into()
    }
}

/// The root of a batch from one source: its leaves sorted by key.
#[must_use]
pub fn root(leaves: &mut [(EventKey, Hash)]) -> Hash {
    leaves.sort_unstable();
    let mut hash = Sha256::new_with_prefix(b"wallclock/batch/1\0");
    hash.update(u32::try_from(leaves.len()).unwrap_or(u32::MAX).to_be_bytes());
    for (_, leaf) in leaves.iter() {
        hash.update(leaf);
    }
    hash.finalize().into()
}

/// The root of the batch that says that an import was taken back.
#[must_use]
pub fn withdrawal(import: ImportId) -> Hash {
    Sha256::new_with_prefix(b"wallclock/withdraw/1\0").chain_update(import.get().to_be_bytes()).finalize().into()
}

/// The head before the first batch of an organisation.
#[must_use]
pub fn genesis(org: OrgId) -> Hash {
    Sha256::new_with_prefix(b"wallclock/genesis/1\0").chain_update(org.get().to_be_bytes()).finalize().into()
}

/// What a head is made of.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Whose chain it is.
    pub org: OrgId,
    /// The batch: its number is its place in the chain.
    pub batch: BatchId,
    /// The head before it.
    pub before: &'a [u8],
    /// The root of the batch.
    pub root: &'a [u8],
    /// Its counts: received, accepted, duplicate, quarantined.
    pub counts: [u64; 4],
    /// When it was committed.
    pub committed_at: Timestamp,
}

impl Head<'_> {
    /// The hash of this head.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut hash = Sha256::new_with_prefix(b"wallclock/head/1\0");
        hash.update(self.org.get().to_be_bytes());
        hash.update(self.batch.get().to_be_bytes());
        hash.update(self.before);
        hash.update(self.root);
        for count in self.counts {
            hash.update(count.to_be_bytes());
        }
        hash.update(self.committed_at.seconds().to_be_bytes());
        hash.finalize().into()
    }
}
