//! How large is each way in which a report can look better than the truth? (methods.md 4)

pub mod bunching;
