//! Which pages exist? The navigation lists these and no others.

use crate::words::question;

/// A page a reader can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Gap,
    Clocks,
    Items,
    Sources,
    Quality,
    Reports,
    Connect,
    /// Outside the navigation: sign-in, set-up, nothing found.
    Elsewhere,
}

impl Place {
    /// The navigation, in reading order.
    pub const NAVIGATION: [Self; 7] =
        [Self::Gap, Self::Clocks, Self::Items, Self::Sources, Self::Quality, Self::Reports, Self::Connect];

    /// Its name in the navigation and in the title of the window.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gap => "The gap",
            Self::Clocks => "Clocks",
            Self::Items => "Items",
            Self::Sources => "Sources",
            Self::Quality => "Quality",
            Self::Reports => "Reports",
            Self::Connect => "Connect",
            Self::Elsewhere => "Wallclock",
        }
    }

    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Gap | Self::Elsewhere => "/",
            Self::Clocks => "/clocks",
            Self::Items => "/items",
            Self::Sources => "/sources",
            Self::Quality => "/quality",
            Self::Reports => "/reports",
            Self::Connect => "/connect",
        }
    }

    /// The one question the page answers.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Gap => question::GAP,
            Self::Clocks => question::CLOCKS,
            Self::Items => question::ITEMS,
            Self::Sources => question::SOURCES,
            Self::Quality => question::QUALITY,
            Self::Reports => question::REPORTS,
            Self::Connect => question::CONNECT,
            Self::Elsewhere => question::NOT_FOUND,
        }
    }
}
