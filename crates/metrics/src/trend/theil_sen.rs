//! How fast does a series rise or fall? The median of the slopes between all pairs of points (Theil and Sen): one odd
//! point does not turn it.

/// The slope of some points `(x, y)`; `None` where no two points differ in `x`.
#[must_use]
pub fn theil_sen(points: &[(f64, f64)]) -> Option<f64> {
    let mut slopes = Vec::new();
    for (place, (x, y)) in points.iter().enumerate() {
        for (later_x, later_y) in points.iter().skip(place + 1) {
            let apart = later_x - x;
            if apart.abs() > 0.0 {
                slopes.push((later_y - y) / apart);
            }
        }
    }
    slopes.sort_by(f64::total_cmp);
    let upper = slopes.get(slopes.len() / 2)?;
    let lower = slopes.get(slopes.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}
