//! The pages of Wallclock: complete as HTML, with a few islands for comfort.
//!
//! A page loads its answer through one server function and hands it to a pure component; what it shows are words and
//! numbers already written, so that server and browser print the same.

// Generated server functions and islands nest types deeper than the default allows.
#![recursion_limit = "512"]

#[cfg(feature = "ssr")]
pub mod answers;
pub mod components;
pub mod error;
pub mod filter;
pub mod format;
pub mod islands;
pub mod pages;
pub mod place;
pub mod routes;
pub mod sentence;
pub mod session;
pub mod shell;
pub mod words;

/// Wakes the islands of a page that is already there.
#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
