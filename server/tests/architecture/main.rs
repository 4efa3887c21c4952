//! Do the walls stand? Each test reads what cargo knows of the workspace, or the repository as text, and says when it
//! fails which wall was crossed and what to do.
#![cfg(test)]

mod arrows;
mod browser;
mod cargo;
mod features;
mod layers;
mod purity;
mod routes;
#[expect(dead_code, reason = "the tidy test uses the rest of it")]
#[path = "../support/tree.rs"]
mod tree;
