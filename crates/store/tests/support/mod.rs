//! What tests of this crate stand on.
#![expect(dead_code, unreachable_pub, reason = "each test file is a program of its own and uses a part of this")]

pub mod engines;
pub mod lines;
