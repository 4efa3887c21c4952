//! What actually happens to items? Traces of events: what follows what, who hands to whom, how far from the playbook.

pub mod alignment;
pub mod betweenness;
pub mod bottleneck;
pub mod detour;
pub mod deviation;
pub mod edges;
pub mod handover;
pub mod model;
pub mod people;
pub mod playbook;
pub mod replay;
pub mod rework;
pub mod trace;
pub mod waiting;
