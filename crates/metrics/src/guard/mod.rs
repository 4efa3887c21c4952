//! Could the wall clock itself be gamed? Scan less, find late, retire on paper, call it false, let the fixer verify: six
//! guards watch for that (methods.md 4).

pub mod cusum;
pub mod false_positives;
pub mod late_detection;
pub mod scanning;
pub mod verification;
