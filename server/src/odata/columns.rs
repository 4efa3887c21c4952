//! Which columns does `Items` have? The one list behind `$metadata`, `$select`, `$orderby`, `$filter` and the CSV.

use super::{
    item_row::ItemRow,
    value::{EdmType, Value},
};
use domain::claim::Verdict;

/// One column: its name, its type, what it means, and where it comes from.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub edm: EdmType,
    /// Whether it can be unknown.
    pub nullable: bool,
    /// The unit in the words of `Org.OData.Measures`, where it has one.
    pub unit: Option<&'static str>,
    /// The definition that a reader sees.
    pub about: &'static str,
    pub(super) get: for<'r> fn(&'r ItemRow<'r>) -> Value<'r>,
}

impl Column {
    /// The cell of this column in a row.
    #[must_use]
    pub fn of<'r>(&self, row: &'r ItemRow<'r>) -> Value<'r> {
        (self.get)(row)
    }

    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// The longest text of a column: what a field of an event may hold.
pub(super) const TEXT_LENGTH_MAX: usize = 65_536;

/// The key of the set, which closes every order.
pub(super) const KEY: &str = "item_key";

type Get = for<'r> fn(&'r ItemRow<'r>) -> Value<'r>;

const fn always(name: &'static str, edm: EdmType, about: &'static str, get: Get) -> Column {
    Column { name, edm, nullable: false, unit: None, about, get }
}

const fn maybe(name: &'static str, edm: EdmType, about: &'static str, get: Get) -> Column {
    Column { nullable: true, ..always(name, edm, about, get) }
}

use EdmType::{Boolean, Date, DateTimeOffset, Double, Int64, String as Text};

/// All columns, in the order they are answered.
pub static COLUMNS: [Column; 35] = [
    always(KEY, Int64, "Key of the row. It never changes.", |row| Value::Integer(row.key())),
    always("item_id", Text, "The id of the weakness in the tool that found it.", |row| row.id()),
    always(
        "kind",
        Text,
        "What sort of weakness: vulnerability, identity, misconfiguration, posture, incident, audit_finding or drill_finding.",
        |row| Value::text(row.kind()),
    ),
    always("severity", Text, "Severity at detection: critical, high, medium or low.", |row| {
        Value::text(row.facts().severity_at_detection().as_str())
    }),
    always("severity_now", Text, "The latest severity.", |row| Value::text(row.facts().severity_now().as_str())),
    maybe("team", Text, "The team expected to fix it; null where no source says.", |row| {
        Value::maybe_text(row.facts().team.as_deref())
    }),
    maybe("asset_class", Text, "The class of its asset; null where no source says.", |row| {
        Value::maybe_text(row.facts().asset_class.as_deref())
    }),
    maybe("source", Text, "The source that first told of it.", |row| Value::maybe_text(row.source())),
    always("origin", DateTimeOffset, "The earliest evidence that it exists: the start of the wall clock.", |row| {
        Value::moment(Some(row.facts().origin))
    }),
    always("origin_date", Date, "The UTC day of the origin.", |row| Value::Date(row.facts().origin.day())),
    always("origin_imputed", Boolean, "No detection carries the origin, so the wall clock is a lower bound.", |row| {
        Value::Boolean(row.facts().origin_imputed)
    }),
    maybe("first_closed_at", DateTimeOffset, "When its ticket was first closed; null if never.", |row| {
        Value::moment(row.facts().closures.first().map(|closure| closure.at))
    }),
    maybe("ended_at", DateTimeOffset, "When its last episode ended; null while it lasts.", |row| {
        Value::moment(row.end().map(|end| end.at))
    }),
    maybe("ended_date", Date, "The UTC day on which its last episode ended; null while it lasts.", |row| {
        row.end().map_or(Value::Null, |end| Value::Date(end.at.day()))
    }),
    maybe(
        "end_cause",
        Text,
        "Why its last episode ended: fixed, decommissioned or false_positive; null while it lasts.",
        |row| Value::maybe_text(row.end_cause().map(|cause| cause.as_str())),
    ),
    maybe(
        "end_evidence",
        Text,
        "What the end rests on: verified, unverified, decommissioned or false_positive; null while it lasts.",
        |row| Value::maybe_text(row.end().map(|end| end.evidence.as_str())),
    ),
    always(
        "state",
        Text,
        "What it is doing: open, paused, exception, closed_unverified or ended. Only ended ends the wall clock.",
        |row| Value::text(row.state()),
    ),
    always("touched", Boolean, "Whether anybody acted on it.", |row| Value::Boolean(row.facts().touched)),
    always("agent", Boolean, "Whether an agent applied the fix or closed it.", |row| Value::Boolean(row.facts().agent)),
    always("tool_open", Boolean, "Whether the ticket tool shows it as open.", |row| {
        Value::Boolean(row.facts().tool_open)
    }),
    always("events", Int64, "How many events it has.", |row| Value::Integer(i64::from(row.facts().events))),
    always("episodes", Int64, "In how many spells it existed.", |row| Value::count(row.facts().episodes.len())),
    always("cycles", Int64, "How many cycles the clock of the ticket tool has run.", |row| {
        Value::count(row.facts().records.len())
    }),
    always("closures", Int64, "How often its ticket was closed.", |row| Value::count(row.facts().closures.len())),
    always("wall_seconds", Int64, "Seconds of all its episodes so far. They never pause.", |row| {
        Value::Integer(row.wall_seconds())
    })
    .unit("s"),
    always("wall_days", Double, "The same in days of 24 hours.", |row| Value::Double(row.wall_days())).unit("d"),
    maybe(
        "sla_seconds_last",
        Int64,
        "What the ticket tool counts on its last cycle: working time less pauses; null without a cycle.",
        |row| row.sla_seconds_last().map_or(Value::Null, Value::Integer),
    )
    .unit("s"),
    maybe("sla_target_seconds", Int64, "What its last cycle may take by the policy; null without a cycle.", |row| {
        row.sla_target_seconds().map_or(Value::Null, Value::Integer)
    })
    .unit("s"),
    maybe(
        "sla_outcome",
        Text,
        "What became of its last cycle by the policy: met, missed, running, exempt or cancelled; null without a cycle.",
        |row| Value::maybe_text(row.sla_outcome()),
    ),
    maybe(
        "reported_sla",
        Text,
        "What the ticket tool itself says: met, breached, running or none; null where its feed does not carry that.",
        |row| Value::maybe_text(row.facts().claimed_verdict().map(Verdict::as_str)),
    ),
    always("excluded_from_sla", Boolean, "Whether its asset class stays out of the SLA report.", |row| {
        Value::Boolean(row.excluded_from_sla())
    }),
    maybe(
        "promised_due",
        DateTimeOffset,
        "The start of its last episode plus the promised days of its severity at detection.",
        |row| Value::moment(row.promised_due()),
    ),
    always("past_promised", Boolean, "Whether it is open, and has been for longer than promised.", |row| {
        Value::Boolean(row.past_promised())
    }),
    maybe(
        "kev_due",
        DateTimeOffset,
        "The outside deadline: as an event gives it, else of the newest KEV catalogue; null without one.",
        |row| Value::moment(row.facts().kev_due),
    ),
    always("last_event_at", DateTimeOffset, "When its last event happened.", |row| {
        Value::moment(Some(row.facts().tail.since))
    }),
];

/// The column of that name; names are case-sensitive.
pub(super) fn column(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name)
}

/// The names of all columns, for a refusal that helps.
pub(super) fn names() -> String {
    COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}
