//! What happened when it was tried: the record of a drill, and what follows from it without anybody's opinion.

mod facts;
mod record;
mod when;
mod words;

pub use facts::{Detected, Usability};
pub use record::{
    Action, Decision, Detection, DrillRecord, Finding, Inject, NotADrill, Objective, Participant, Recommendation,
    Retest,
};
pub use words::{
    DecisionOutcome, DetectionOutcome, DrillType, NoveltyBasis, Rating, Truth, UnknownWord, Usable, Verdict,
};
