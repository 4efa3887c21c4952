//! How often is a cluster drawn in a replicate? Poisson with mean one, from its hash alone (methods.md 2.8, step 3).

use super::cluster::Cluster;
use std::ops::Range;

/// ⌈2⁵³ P(N ≤ k)⌉ for N ~ Poisson(1), k = 0, 1, …: integers, so that no platform rounds a draw to another weight.
const THRESHOLDS: [u64; 18] = [
    3_313_563_428_353_948,
    6_627_126_856_707_896,
    8_283_908_570_884_870,
    8_836_169_142_277_195,
    8_974_234_285_125_276,
    9_001_847_313_694_892,
    9_006_449_485_123_162,
    9_007_106_938_184_343,
    9_007_189_119_816_991,
    9_007_198_251_109_507,
    9_007_199_164_238_759,
    9_007_199_247_250_509,
    9_007_199_254_168_155,
    9_007_199_254_700_281,
    9_007_199_254_738_290,
    9_007_199_254_740_824,
    9_007_199_254_740_983,
    9_007_199_254_740_992,
];

/// The `number`-th word of the stream that starts at `start` (splitmix64).
pub(super) const fn word(start: u64, number: u64) -> u64 {
    let mut z = start.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// How often a cluster is drawn in a replicate.
#[must_use]
pub fn weight(cluster: Cluster, replicate: u64) -> u8 {
    let u = word(cluster.hash(), replicate) >> 11;
    let mut times = 0;
    for threshold in THRESHOLDS {
        if threshold > u {
            break;
        }
        times += 1;
    }
    times
}

/// The weights of some clusters in a range of replicates, those of one cluster side by side.
pub(super) struct Weights {
    width: usize,
    cells: Vec<u8>,
}

impl Weights {
    pub(super) fn of(clusters: &[Cluster], replicates: &Range<u64>) -> Self {
        let width = replicates.clone().count();
        let mut cells = Vec::with_capacity(clusters.len() * width);
        for cluster in clusters {
            cells.extend(replicates.clone().map(|replicate| weight(*cluster, replicate)));
        }
        Self { width, cells }
    }

    /// How many replicates there are.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// The weights of the cluster at a place.
    pub(super) fn row(&self, place: usize) -> &[u8] {
        self.cells.get(place * self.width..(place + 1) * self.width).unwrap_or_default()
    }
}

/// The clusters of some rows, each once and in order, and the place of each row's cluster among them.
pub(super) fn numbered(clusters: &[Cluster]) -> (Vec<Cluster>, Vec<usize>) {
    let mut distinct = clusters.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |cluster: &Cluster| distinct.partition_point(|known| known < cluster);
    let places = clusters.iter().map(place).collect();
    (distinct, places)
}
