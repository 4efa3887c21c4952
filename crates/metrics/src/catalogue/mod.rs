//! What does each shown figure mean? One entry a figure; pages, API, feeds and reports read their texts from here.
//!
//! Ids never change meaning: a changed definition raises the version.

mod agent;
mod ahead;
mod backlog;
mod distortion;
mod guard;
mod items;
mod money;
mod process;
mod quality;
mod score;
mod sla;
mod wall;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// A lower value.
    Lower,
    /// A higher value.
    Higher,
    /// Neither.
    Neither,
}

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, printed in days.
    Seconds,
    /// 0 to 1, printed as per cent.
    Share,
    /// 0 to 100.
    Percent,
    /// Hundredths of a share.
    Points,
    /// One number over another.
    Ratio,
    /// How many.
    Count,
    /// Items times days.
    ItemDays,
    /// A probability.
    Probability,
    /// So many a person-day.
    PerDay,
    /// So many a year.
    PerYear,
    /// Months of 30 days.
    Months,
    /// So many a week.
    PerWeek,
    /// So many among a thousand.
    PerThousand,
    /// Weeks since the deployment.
    Weeks,
    /// Minutes of work.
    Minutes,
    /// People of equal share.
    People,
    /// Layers of context, 0 to 3.
    Layers,
    /// 0 to 5.
    Level,
    /// 0 to 1, 0 being best.
    Score,
    /// The currency of the assumptions.
    Money,
}

/// The organisation the worked examples speak of, told once.
pub const EXAMPLE: &str = "Ten critical weaknesses, promised in 7 days, on clocks that count every hour, watched from day 0, \
seen on day 100. Five were detected on day 10: a (ended after 2 days), b (3), c (5), d (8, its ticket waited for 2 of them) and \
e (12, ticketed only on day 14); their closes were verified at once. Five are still open: f (20 days old) and g (30), ticketed and \
left; h (40), excepted after 5 days; i (60), closed after 5 days and never checked; j (90), seen by a scanner, never ticketed. a had \
to end by day 15 and b by day 11, says a list of exploited weaknesses. The ticket tool itself calls a, b and d met and i breached, \
and says of f that its promise still stands.";

/// A shown figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// What programs call it.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it is.
    pub definition: &'static str,
    /// What it is taken over.
    pub denominator: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// The places it is shown.
    pub shown: &'static str,
    /// The version of its definition.
    pub version: u32,
    /// How it comes about for [`EXAMPLE`].
    pub example: &'static str,
    /// The value of the example in its unit, days where that is seconds; `None` where there is none.
    pub example_value: Option<f64>,
}

/// All entries, in the order of the documentation.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let all = [
        wall::ENTRIES,
        sla::ENTRIES,
        backlog::ENTRIES,
        ahead::ENTRIES,
        distortion::ENTRIES,
        guard::ENTRIES,
        process::ENTRIES,
        agent::ENTRIES,
        money::ENTRIES,
        score::ENTRIES,
        quality::ENTRIES,
        items::ENTRIES,
    ];
    all.into_iter().flatten()
}

/// The entry of an id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.id == id)
}

impl Better {
    /// The direction in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lower => "lower is better",
            Self::Higher => "higher is better",
            Self::Neither => "neither way is better",
        }
    }
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Seconds => "seconds, printed in days",
            Self::Share => "share, 0 to 1",
            Self::Percent => "per cent",
            Self::Points => "points",
            Self::Ratio => "ratio",
            Self::Count => "count",
            Self::ItemDays => "item-days",
            Self::Probability => "probability",
            Self::PerDay => "a person-day",
            Self::PerYear => "a year",
            Self::Months => "months of 30 days",
            Self::PerWeek => "a week",
            Self::PerThousand => "for each thousand",
            Self::Weeks => "weeks since the deployment",
            Self::Minutes => "minutes",
            Self::People => "people",
            Self::Layers => "layers, 0 to 3",
            Self::Level => "level, 0 to 5",
            Self::Score => "score, 0 to 1",
            Self::Money => "money, in the currency of the assumptions",
        }
    }
}

/// The catalogue as the page of the documentation.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# What every figure means\n\nPrinted from the catalogue in `crates/metrics/src/catalogue`; a test compares. A figure over nobody has no value and says\n\
         why. Intervals on screens are 90 %, in `wallclock analyze` 95 %.\n\n## The worked example\n\n",
    );
    page.push_str(EXAMPLE);
    page.push('\n');
    for entry in entries() {
        page.push_str(&section(entry));
    }
    page
}

fn section(entry: &Entry) -> String {
    format!(
        "\n## {name}\n\n`{id}`, version {version}. {definition}\n\n- Taken over: {denominator}.\n- Unit: {unit}; {better}.\n- Shown on: {shown}.\n- Example: {example}\n",
        name = entry.name,
        id = entry.id,
        version = entry.version,
        definition = entry.definition,
        denominator = entry.denominator,
        unit = entry.unit.words(),
        better = entry.better.words(),
        shown = entry.shown,
        example = entry.example,
    )
}
