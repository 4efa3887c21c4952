//! Levels from 0 to 5 and what they add up to.

use super::{Better, Entry, Unit};

const EVIDENCE: &str = "the indicators of one side of a dimension";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "score_paper",
        name: "On paper",
        definition: "Shifted geometric mean of the levels of what is claimed: exp(Σ w ln(1 + level)) − 1. None where less than 60 % of the weight, or fewer than three, are known.",
        denominator: EVIDENCE,
        unit: Unit::Level,
        better: Better::Higher,
        shown: "no page yet",
        version: 1,
        example: "an SLA of 96 % alone is one indicator of six: too little.",
        example_value: None,
    },
    Entry {
        id: "score_practice",
        name: "In practice",
        definition: "The same over what events and drills prove.",
        denominator: EVIDENCE,
        unit: Unit::Level,
        better: Better::Higher,
        shown: "no page yet",
        version: 1,
        example: "of eight with 16 of weight: 2.5 (weight 3), 2.5 (2), 2.5 (2), 1.5 (2), 1.5 (2): cover 11/16, score 2.097.",
        example_value: Some(2.096_924_207_782_482_3),
    },
    Entry {
        id: "score_gap",
        name: "Paper ahead of practice",
        definition: "The difference of the two, called a gap only where the interval of their bounds lies above 0.",
        denominator: "both sides of a dimension",
        unit: Unit::Level,
        better: Better::Lower,
        shown: "no page yet",
        version: 1,
        example: "the paper has too little evidence: none.",
        example_value: None,
    },
    Entry {
        id: "score_evidence_cover",
        name: "Evidence there is",
        definition: "Weight of known indicators as a share of all.",
        denominator: EVIDENCE,
        unit: Unit::Share,
        better: Better::Higher,
        shown: "no page yet",
        version: 1,
        example: "11 / 16 = 0.6875.",
        example_value: Some(0.6875),
    },
    Entry {
        id: "score_stability",
        name: "Conclusion unchanged",
        definition: "Variants (one indicator left out, drawn weights, other means, other anchors) in which the conclusion holds.",
        denominator: "variants of the score",
        unit: Unit::Share,
        better: Better::Higher,
        shown: "no page yet",
        version: 1,
        example: "whichever of the eight is left out, at least 8 / 13 of the weight is known, so there is a score: 8 of 8.",
        example_value: Some(1.0),
    },
];
