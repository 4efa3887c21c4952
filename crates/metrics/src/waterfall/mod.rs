//! What lies between the report and the truth? A fixed list of definitions, each changing one rule; the sizes of the
//! steps add up by construction (methods.md 4.1).

mod days;
pub mod order_free;
mod points;
mod population;

pub use days::days;
pub use points::points;

/// One step of a waterfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What it is called.
    pub name: &'static str,
    /// The figure under its definition; `None` over nobody.
    pub value: Option<f64>,
    /// That less the last figure there was.
    pub change: Option<f64>,
}

/// Steps from named figures: each size is its figure less the last one that had a value.
fn telescope(values: impl IntoIterator<Item = (&'static str, Option<f64>)>) -> Vec<Step> {
    let mut last = 0.0;
    let step = |(name, value): (&'static str, Option<f64>)| {
        let change = value.map(|value| value - last);
        last = value.unwrap_or(last);
        Step { name, value, change }
    };
    values.into_iter().map(step).collect()
}
