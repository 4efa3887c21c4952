//! How do lines become acknowledged events? Read, checked and packed outside the writer; counted, chained and folded
//! inside one transaction; acknowledged only after it is flushed.

mod absence;
mod apply;
mod bounds;
mod came_again;
mod clock_offsets;
mod control;
mod decode;
mod dictionary;
mod dry_run;
mod file_said;
mod folding;
mod foresee;
mod give_up;
mod group;
mod hold;
pub mod import;
mod import_reader;
mod known_pieces;
mod left_over;
mod measures;
mod notes;
mod plan;
mod plans;
mod prepare;
mod publish;
mod push;
mod push_noted;
mod pushed_clocks;
mod receipt;
mod recent_keys;
mod refold;
mod refold_all;
mod release;
mod release_many;
mod remeasure;
mod reread;
mod resume;
mod running;
mod send;
mod settings;
mod settle;
mod snapshots;
mod source_clock;
mod spool;
mod spread;
mod staging;
mod survivors;
mod touched;
mod waiting;
mod writer;

pub use absence::{Judged, MassAbsence, held_until};
pub use clock_offsets::OFFSET_SECONDS_MAX;
pub use control::Withdrawn;
pub use store::clock_decisions::ClockDecision;
pub use store::imports::{ImportState, StoredImport};

pub use dry_run::DryRun;
pub use file_said::FileSaid;
pub use foresee::{Example, Fate, Foreseen};
pub use formats::{
    foreign::{Class, Rule},
    mend,
};
pub use import::{HeldShown, ImportInput, ImportOptions, ImportSummary, OnProgress, Progress};
pub use measures::{ByCertainty, LATE_SECONDS, Measures};
pub use notes::{Met, Notes};
pub use plan::{SourcePlan, tools};
pub use plans::{LookFirst, PlanVersion, SavedPlan};
pub use push::{Delivery, Push, Pushed};
pub use receipt::{LineReceipt, LineStatus, LongItem, Receipt};
pub use release::Release;
pub use release_many::{Begun, Chosen, Kept, LINES_PER_ACT_MAX, ManyAct, ManyWork, StoredAct};
pub use reread::Deeds;
pub use send::{Atomicity, SendEvents};
pub use settings::{AllowedSources, ReceivedAt};
pub use snapshots::{SnapshotNotes, Verdict};
pub use source_clock::{AHEAD_SECONDS_MIN, AheadBy, SourceClock};
pub use spread::Spread;

pub(crate) use absence::{CODE as MASS_ABSENCE, lapse};
pub(crate) use decode::{FoldItem, decode, fold_with};
pub(crate) use group::Desk;
pub(crate) use import::received_at_of;
pub(crate) use left_over::clear_spool;
pub(crate) use refold_all::refold_when_outdated;
pub(crate) use reread::Rereading;
pub(crate) use running::Running;
pub(crate) use send::refusal_of;
pub(crate) use settings::checked_slug;
pub(crate) use source_clock::skew_met;
pub(crate) use spool::unpacked;
pub(crate) use survivors::{MergeScope, survivors_of};
pub(crate) use waiting::Waiting;
pub(crate) use writer::Writer;
