//! How do lines become acknowledged events? Read, checked and packed outside the writer; counted, chained and folded
//! inside one transaction; acknowledged only after it is flushed.

mod apply;
mod bounds;
mod decode;
mod dictionary;
mod group;
pub mod import;
mod import_reader;
mod notes;
mod plan;
mod plans;
mod prepare;
mod receipt;
mod refold;
mod refold_all;
mod release;
mod running;
mod send;
mod settings;
mod snapshots;
mod spool;
mod survivors;
mod writer;

pub use import::{HeldShown, ImportInput, ImportOptions, ImportSummary, OnProgress, Progress};
pub use notes::{Met, Notes};
pub use plan::{SourcePlan, tools};
pub use plans::SavedPlan;
pub use receipt::{LineReceipt, LineStatus, LongItem, Receipt};
pub use release::Release;
pub use send::{Atomicity, SendEvents};
pub use settings::{AllowedSources, ReceivedAt};
pub use snapshots::{FileSaid, SnapshotNotes, Verdict};

pub(crate) use decode::{FoldItem, decode, fold_with};
pub(crate) use group::Desk;
pub(crate) use refold_all::refold_when_outdated;
pub(crate) use running::Running;
pub(crate) use survivors::{MergeScope, survivors_of};
pub(crate) use writer::Writer;
