//! What actually happens to items? Traces of events: what follows what, who hands to whom, how far from the playbook.

pub mod deviation;
pub mod handover;
pub mod playbook;
pub mod trace;
