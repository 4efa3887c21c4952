//! How sure should an interval be? Two levels are in use, each with the normal quantile that belongs to it.

/// A two-sided level of confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On screens, in the PDF and the API.
    Ninety,
    /// In `wallclock analyze`, which prints what the reference prints.
    NinetyFive,
}

impl Level {
    /// The normal quantile that leaves half of the rest on each side.
    #[must_use]
    pub const fn z(self) -> f64 {
        match self {
            Self::Ninety => 1.644_853_626_951_472_2,
            Self::NinetyFive => 1.959_963_984_540_054,
        }
    }

    /// The share inside.
    #[must_use]
    pub const fn share(self) -> f64 {
        match self {
            Self::Ninety => 0.9,
            Self::NinetyFive => 0.95,
        }
    }
}
