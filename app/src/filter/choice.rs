//! Which words may stand in an address where only a few make sense?

/// A closed list of words.
pub(crate) trait Choice: Copy + PartialEq + 'static {
    /// Every choice with its word in the address and its words on the page.
    const WORDS: &'static [(Self, &'static str, &'static str)];
}

/// A word that is none of the list.
pub(crate) struct NotOneOfThem;

pub(crate) fn find<T: Choice>(value: &str) -> Result<T, NotOneOfThem> {
    let found = T::WORDS.iter().find(|(_, word, _)| *word == value);
    found.map(|(choice, _, _)| *choice).ok_or(NotOneOfThem)
}

/// The word of a choice in an address.
pub(crate) fn word<T: Choice>(choice: T) -> &'static str {
    T::WORDS.iter().find(|(known, _, _)| *known == choice).map_or("", |(_, word, _)| word)
}

/// The words of a choice on the page.
pub(crate) fn shown<T: Choice>(choice: T) -> &'static str {
    T::WORDS.iter().find(|(known, _, _)| *known == choice).map_or("", |(_, _, shown)| shown)
}

/// All words of the list, to say what was expected.
pub(crate) fn words<T: Choice>() -> String {
    let words: Vec<&str> = T::WORDS.iter().map(|(_, word, _)| *word).collect();
    format!("one of {}", words.join(", "))
}

/// Writes a list once: the enum, its word in the address and its words on the page.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal, $shown:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl Choice for $name {
            const WORDS: &'static [(Self, &'static str, &'static str)] = &[$((Self::$variant, $word, $shown)),+];
        }

        impl $name {
            /// All of them, in the order pages list them.
            pub fn all() -> impl Iterator<Item = Self> {
                Self::WORDS.iter().map(|(choice, _, _)| *choice)
            }

            /// Its word in an address.
            #[must_use]
            pub fn word(self) -> &'static str {
                word(self)
            }

            /// Its words on a page.
            #[must_use]
            pub fn shown(self) -> &'static str {
                shown(self)
            }
        }
    };
}

choices! {
    /// Whether an item's latest episode is over, in the mode of the view.
    ItemState {
        /// Still there.
        Open = "open", "still open";
        /// Shut by a ticket, and nobody checked; only strict views know these as open.
        ClosedUnverified = "closed_unverified", "closed, nobody checked";
        /// Over.
        Ended = "ended", "ended";
    }
}

choices! {
    /// How many days an item has been there.
    AgeBand {
        Week = "0-7", "up to 7 days";
        Month = "7-30", "7 to 30 days";
        Quarter = "30-90", "30 to 90 days";
        HalfYear = "90-180", "90 to 180 days";
        Year = "180-365", "180 to 365 days";
        Longer = "365+", "more than 365 days";
    }
}

choices! {
    /// The items behind one figure: the list has exactly as many.
    ItemSet {
        /// Not over, whatever the ticket says.
        StillOpen = "still_open", "still open";
        /// At least one SLA record in the report.
        Reported = "reported", "in the SLA report";
        /// Every record in the report counts as met.
        ReportedMet = "reported_met", "met, says the report";
        /// A record in the report is broken.
        ReportedLate = "reported_late", "late, says the report";
        /// The promised day lies inside the view.
        Due = "due", "due by their promised day";
        /// Verified gone by the promised day.
        Kept = "kept", "proven gone by the promised day";
        /// The promised day came, and it was not gone.
        Broken = "broken", "still there on their promised day";
        /// Open for longer than promised.
        Overdue = "overdue", "open for longer than promised";
        /// Open, and nobody has done anything about it.
        NeverTouched = "never_touched", "open and never touched";
        /// The risk is accepted at the moment of the view.
        Exempt = "exempt", "under an exception";
        /// The ticket waits at the moment of the view.
        Paused = "paused", "waiting";
        /// Open without a ticket.
        Untracked = "untracked", "without a ticket";
        /// Closed, then seen again.
        SeenAgain = "seen_again", "closed and seen again";
        /// Left out of the report by its class.
        Excluded = "excluded", "left out of the report by class";
        /// Known to be exploited.
        Exploited = "exploited", "known to be exploited";
        /// Known to be exploited, and the outside deadline has come.
        ExploitedDue = "exploited_due", "exploited, and their outside deadline has come";
        /// Known to be exploited, and gone by the outside deadline.
        ExploitedMet = "exploited_met", "exploited, and gone by their outside deadline";
        /// At least one spell under the curve of the view.
        Watched = "watched", "under watch";
        /// The ticket's clock runs at the moment of the view.
        ClockRuns = "clock_runs", "with a ticket whose clock runs";
        /// It runs, and the ticket tool shows it in time.
        ShownInTime = "shown_in_time", "running, and shown in time";
        /// It runs, and the ticket tool shows it late.
        ShownLate = "shown_late", "running, and shown late";
        /// Without a detection, so that the wall clock is a lower bound.
        OriginImputed = "origin_imputed", "without a first detection";
        /// The ticket tool itself calls it met or breached.
        ToolJudged = "tool_judged", "judged by the ticket tool itself";
        /// The ticket tool itself calls it met.
        ToolMet = "tool_met", "met, says the ticket tool itself";
        /// The ticket tool itself calls it breached.
        ToolBreached = "tool_breached", "breached, says the ticket tool itself";
        /// The ticket tool itself says that its promise still stands.
        ToolRunning = "tool_running", "whose promise still stands, says the ticket tool itself";
    }
}

choices! {
    /// Who applied the fix or closed it.
    ClosedBy {
        /// No agent had a hand in it.
        Human = "human", "people only";
        /// An agent did at least one of the two.
        Agent = "agent", "with an agent";
    }
}

choices! {
    /// What groups of a comparison have in common.
    Grouping {
        Team = "team", "team";
        Severity = "severity", "severity";
        Kind = "kind", "kind";
        Actor = "actor", "who closed it";
    }
}

choices! {
    /// A column a list can be put in order by.
    SortColumn {
        Id = "id", "Item";
        Severity = "severity", "Severity";
        Team = "team", "Team";
        Lived = "lived", "There for";
        Promised = "promised", "Promised";
        Reported = "reported", "Reported";
        LastEvent = "last_event", "Last event";
    }
}

/// Which end of a column comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    SmallestFirst,
    LargestFirst,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: SortColumn,
    pub direction: Direction,
}

impl Default for Sort {
    /// What has been there longest comes first.
    fn default() -> Self {
        Self { column: SortColumn::Lived, direction: Direction::LargestFirst }
    }
}

impl Sort {
    /// `lived` or, the largest first, `-lived`.
    pub(crate) fn parse(value: &str) -> Result<Self, NotOneOfThem> {
        let (direction, column) = value
            .strip_prefix('-')
            .map_or((Direction::SmallestFirst, value), |column| (Direction::LargestFirst, column));
        Ok(Self { column: find(column)?, direction })
    }

    pub(crate) fn print(self) -> String {
        match self.direction {
            Direction::SmallestFirst => word(self.column).to_owned(),
            Direction::LargestFirst => format!("-{}", word(self.column)),
        }
    }

    pub(crate) fn words() -> String {
        format!("{}, with - before it for the largest first", words::<SortColumn>())
    }

    /// What a click on the head of `column` asks for: the other direction, or its largest first.
    #[must_use]
    pub fn clicked(self, column: SortColumn) -> Self {
        let direction = match (self.column == column, self.direction) {
            (true, Direction::LargestFirst) => Direction::SmallestFirst,
            _ => Direction::LargestFirst,
        };
        Self { column, direction }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_on_a_column_turns_its_order_around() {
        let once = Sort::default().clicked(SortColumn::Team);
        assert_eq!(once.print(), "-team");
        assert_eq!(once.clicked(SortColumn::Team).print(), "team");
        assert_eq!(once.clicked(SortColumn::Team).clicked(SortColumn::Team).print(), "-team");
    }

    #[test]
    fn no_two_choices_share_a_word() {
        let mut words: Vec<&str> = ItemSet::all().map(ItemSet::word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ItemSet::all().count());
    }
}
