//! What a second of an episode was. Every second has exactly one label.

use std::ops::AddAssign;

/// The ten labels, in the order of formats and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Before the ticket.
    Untracked,
    /// Active, inside the calendar, in the item's last record: all that the board was shown.
    OnClockFinal,
    /// Active, inside the calendar, in a record that was later wiped by a reset.
    OnClockReset,
    /// Active, outside the calendar.
    OffCalendar,
    /// Waiting, says the ticket.
    Paused,
    /// The risk was accepted.
    Exception,
    /// Shut, and the episode ended verified.
    AwaitingVerification,
    /// Shut, and that closure was later seen again.
    FalselyClosed,
    /// Shut, and nobody checked.
    ClosedUnverified,
    /// Ended, in an episode that later turned out to continue.
    RecurrenceGap,
}

impl Label {
    /// All labels.
    pub const ALL: [Self; 10] = [
        Self::Untracked,
        Self::OnClockFinal,
        Self::OnClockReset,
        Self::OffCalendar,
        Self::Paused,
        Self::Exception,
        Self::AwaitingVerification,
        Self::FalselyClosed,
        Self::ClosedUnverified,
        Self::RecurrenceGap,
    ];

    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untracked => "untracked",
            Self::OnClockFinal => "on_clock_final",
            Self::OnClockReset => "on_clock_reset",
            Self::OffCalendar => "off_calendar",
            Self::Paused => "paused",
            Self::Exception => "exception",
            Self::AwaitingVerification => "awaiting_verification",
            Self::FalselyClosed => "falsely_closed",
            Self::ClosedUnverified => "closed_unverified",
            Self::RecurrenceGap => "recurrence_gap",
        }
    }

    /// Its place in [`Label::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::Untracked => 0,
            Self::OnClockFinal => 1,
            Self::OnClockReset => 2,
            Self::OffCalendar => 3,
            Self::Paused => 4,
            Self::Exception => 5,
            Self::AwaitingVerification => 6,
            Self::FalselyClosed => 7,
            Self::ClosedUnverified => 8,
            Self::RecurrenceGap => 9,
        }
    }
}

/// Seconds per label; all ten are always present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelSeconds([i64; 10]);

impl LabelSeconds {
    /// The seconds in the order of [`Label::ALL`].
    #[must_use]
    pub const fn from_array(seconds: [i64; 10]) -> Self {
        Self(seconds)
    }

    /// The seconds in the order of [`Label::ALL`].
    #[must_use]
    pub const fn to_array(self) -> [i64; 10] {
        self.0
    }

    /// Seconds under one label.
    #[must_use]
    pub fn get(&self, label: Label) -> i64 {
        self.0.get(label.place()).copied().unwrap_or_default()
    }

    /// Adds `seconds` (which may be negative, to take some back) to one label; stops at the ends of what an integer can
    /// hold.
    pub fn add(&mut self, label: Label, seconds: i64) {
        if let Some(slot) = self.0.get_mut(label.place()) {
            *slot = slot.saturating_add(seconds);
        }
    }

    /// All labels together: the length of the episodes they cut up.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }
}

impl AddAssign for LabelSeconds {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }
}
