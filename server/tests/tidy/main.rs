//! Is the house clean? Each test reads the repository as text and, when it fails, says what to do.
#![cfg(test)]

mod banned;
mod clean;
mod links;
mod migrations;
mod names;
mod settings;
mod size;
mod statements;
mod style;
mod tests;
#[path = "../support/tree.rs"]
mod tree;
mod words;
