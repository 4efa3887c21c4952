//! How thick is the paper, how thick the practice? Values become levels from 0 to 5, levels become a score with bounds,
//! two scores a gap (methods.md 5).

pub mod anchors;
pub mod dimension;
pub mod gap;
pub mod jeffreys;
pub mod sensitivity;
