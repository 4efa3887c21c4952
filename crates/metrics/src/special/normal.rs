//! Where does a normal variable stay below a share of the time?

/// A good first guess, to about nine digits (rational approximation after Acklam).
fn guess(share: f64) -> f64 {
    const MIDDLE_TOP: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const MIDDLE_BOTTOM: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const TAIL_TOP: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const TAIL_BOTTOM: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    /// Beyond this share the tails have their own formula.
    const TAIL: f64 = 0.024_25;
    let polynomial = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    let tail = |share: f64| {
        let q = (-2.0 * libm::log(share)).sqrt();
        polynomial(&TAIL_TOP, q) / polynomial(&TAIL_BOTTOM, q)
    };
    if share < TAIL {
        tail(share)
    } else if share > 1.0 - TAIL {
        -tail(1.0 - share)
    } else {
        let q = share - 0.5;
        let r = q * q;
        polynomial(&MIDDLE_TOP, r) * q / polynomial(&MIDDLE_BOTTOM, r)
    }
}

/// The value a standard normal variable stays below with probability `share`, between 0 and 1.
///
/// Two corrections by the exact distribution take the guess to the last digits.
#[must_use]
pub fn quantile(share: f64) -> f64 {
    let mut x = guess(share);
    for _ in 0..2 {
        let error = 0.5 * libm::erfc(-x / core::f64::consts::SQRT_2) - share;
        let density = libm::exp(-x * x / 2.0) / (2.0 * core::f64::consts::PI).sqrt();
        let newton = error / density;
        x -= newton / (1.0 + x * newton / 2.0);
    }
    x
}
