//! Reading reference vectors, and how close is close enough.

use serde_json::Value;

pub(crate) fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A relative 1e-9 or an absolute 1e-12.
#[track_caller]
pub(crate) fn close(got: f64, want: f64) {
    let tolerance = 1e-12_f64.max(1e-9 * want.abs().max(got.abs()));
    assert!((got - want).abs() <= tolerance, "got {got}, expected {want}");
}
