//! What does a writing transaction carry along from one request or piece to the next?

use super::{
    bounds::AtMost, dictionary::Dictionary, measures::Measures, recent_keys::RecentKeys, staged_order::StagedOrder,
    touched::Touched,
};
use crate::limits::IngestLimits;
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};
use std::collections::BTreeSet;
use store::batches::BatchKind;

/// What a writing transaction carries along.
pub(crate) struct Work<'w> {
    pub(crate) org: OrgId,
    pub(crate) now: Timestamp,
    pub(crate) import: Option<ImportId>,
    pub(crate) kind: BatchKind,
    pub(crate) dictionary: &'w mut Dictionary,
    pub(crate) touched: &'w mut Touched,
    /// Items whose fold has failed in this very group: their lines are held.
    pub(crate) refused: &'w BTreeSet<String>,
    pub(crate) at_most: &'w mut AtMost,
    pub(crate) limits: &'w IngestLimits,
    /// What the times of the events say that are added.
    pub(crate) measures: &'w mut Measures,
    /// What an import remembers of itself, where nobody may see yet what is added.
    pub(crate) staging: Option<Staged<'w>>,
}

/// What an import remembers of what it has staged.
pub(crate) struct Staged<'w> {
    pub(crate) recent: &'w mut RecentKeys,
    pub(crate) order: Option<&'w mut StagedOrder>,
}
