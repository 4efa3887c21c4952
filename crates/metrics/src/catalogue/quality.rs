//! Figures of how good the evidence is.

use super::{Better, Entry, Unit};

pub(super) const ENTRIES: &[Entry] = &[Entry {
    id: "quality_imputed",
    name: "First evidence that is no detection",
    definition: "Items whose earliest event is no detection: their wall clock is a lower bound.",
    denominator: "all items",
    unit: Unit::Share,
    better: Better::Lower,
    shown: "beside every duration",
    version: 1,
    example: "j was only seen, never detected: 0.1.",
    example_value: Some(0.1),
}];
