//! What do the columns of an unknown table probably mean? A first mapping, by names and by the shape of the cells.

use super::{
    At, Condition, Emit, Mapping, Origin, Scale, Window,
    shape::{Judge, Shape, Status, severity_in, status},
    template::of_column,
    wishes::{
        AGAIN, CVE, DUE, END, FIRST, HOST, IDENTITY, LAST, NATIVE, OWNER, PORT, PUBLIC, SEVERITY, STATUS, TEAM, TICKET,
        TICKETED, WEAKNESS, Wishes, has, words,
    },
};
use std::collections::BTreeMap;

/// Proposes a mapping for a table of which nothing but the names of its columns and some rows is known.
///
/// It claims little: an end is `closed`, never `verified`, and words nobody knows are left for a person. A table in which
/// nothing is recognised gives a mapping with an empty item, which [`Mapping::problems`] says.
#[must_use]
pub fn propose(columns: &[String], rows: &[Vec<String>]) -> Mapping {
    let mut table = Guess::of(columns, rows);
    let times = Times::take(&mut table);
    let found = Found::take(&mut table);
    let fields = found.fields(&mut table, &times);
    let name = |place: Option<usize>| place.and_then(|place| columns.get(place)).map(|name| of_column(name));
    // One column that says the same in several rows names no item.
    let is_unique = |place: &usize| table.shapes.get(*place).is_some_and(Shape::is_unique);
    let alone = name(found.native.or(found.weakness.or(found.host).filter(is_unique)));
    Mapping {
        item: item(name(found.weakness).zip(name(found.host)), alone, name(found.port)),
        native: name(found.native).unwrap_or_default(),
        status: found.status.and_then(|place| columns.get(place).cloned()),
        open: table.statuses(found.status, Status::Open),
        scale: table.scale(found.severity),
        values: table.severities(found.severity),
        fields,
        events: times.events(&table, found.status),
        ..Mapping::default()
    }
}

/// The columns that say what an item is.
struct Found {
    severity: Option<usize>,
    status: Option<usize>,
    cve: Option<usize>,
    weakness: Option<usize>,
    host: Option<usize>,
    native: Option<usize>,
    port: Option<usize>,
}

impl Found {
    fn take(table: &mut Guess<'_>) -> Self {
        let severity = table.take(SEVERITY, |shape| shape.mostly(shape.severities) || shape.mostly(shape.scores));
        let severity = severity.or_else(|| table.take_shaped(|shape| shape.mostly(shape.severities)));
        let is_status = |shape: &Shape| shape.is_words() && shape.times == 0;
        let status = table.take(STATUS, is_status);
        let status = status.or_else(|| table.take_shaped(|shape| is_status(shape) && shape.mostly(shape.statuses)));
        // A column of CVE ids may name the weakness and fill its field as well.
        let cve = table.peek(CVE, |shape| shape.mostly(shape.cves));
        let weakness = table.take(WEAKNESS, |shape| shape.is_full() && shape.distinct > 0);
        let weakness = weakness.or_else(|| table.take_shaped(|shape| shape.mostly(shape.cves)));
        let host = table.take(HOST, Shape::is_full);
        let native = table.take(NATIVE, Shape::is_unique);
        // The key of a record may look like the name of a host.
        let host = host.or_else(|| table.take_shaped(|shape| shape.mostly(shape.hosts)));
        let port = table.take(PORT, |shape| shape.filled > 0);
        Self { severity, status, cve, weakness, host, native, port }
    }

    fn fields(&self, table: &mut Guess<'_>, times: &Times) -> BTreeMap<String, Origin> {
        let mut fields = BTreeMap::new();
        let is_identity = self.host.is_some_and(|place| table.is_named(place, IDENTITY));
        if is_identity {
            fields.insert("kind".to_owned(), Origin::Constant("identity".to_owned()));
        }
        let known = [
            ("severity", self.severity),
            ("weakness", self.weakness),
            (if is_identity { "identity" } else { "asset" }, self.host),
            ("cve", self.cve),
            ("reported_due", times.due),
        ];
        let named = [("team", TEAM), ("owner", OWNER), ("ticket", TICKET)];
        let named = named.map(|(field, wishes)| (field, table.take(wishes, |shape| shape.filled > 0)));
        for (field, place) in known.into_iter().chain(named) {
            let column = place.and_then(|place| table.columns.get(place));
            fields.extend(column.map(|name| (field.to_owned(), Origin::Column(name.clone()))));
        }
        fields
    }
}

/// What names the item: the weakness and where it is; what the tool calls its record, where one of them is not known.
fn item(pair: Option<(String, String)>, native: Option<String>, port: Option<String>) -> String {
    match pair {
        Some((weakness, host)) => {
            let port = port.map(|port| format!("[:{port}]")).unwrap_or_default();
            format!("{weakness}@{host}{port}")
        }
        None => native.unwrap_or_default(),
    }
}

/// The columns of a table that have no meaning yet.
struct Guess<'a> {
    columns: &'a [String],
    rows: &'a [Vec<String>],
    names: Vec<Vec<String>>,
    shapes: Vec<Shape>,
    taken: Vec<usize>,
}

impl<'a> Guess<'a> {
    fn of(columns: &'a [String], rows: &'a [Vec<String>]) -> Self {
        let judge = Judge::new();
        let cells = |place: usize| rows.iter().map(move |row| row.get(place).map_or("", String::as_str));
        let shapes = (0..columns.len()).map(|place| judge.shape(cells(place))).collect();
        Self { columns, rows, names: columns.iter().map(|name| words(name)).collect(), shapes, taken: Vec::new() }
    }

    /// The first column with one of the names and the shape; names count in their order.
    fn peek(&self, wishes: Wishes, fits: impl Fn(&Shape) -> bool) -> Option<usize> {
        let is_it = |wish: &str, place: usize| {
            let named = self.names.get(place).is_some_and(|words| has(words, wish));
            named && self.shapes.get(place).is_some_and(&fits) && !self.taken.contains(&place)
        };
        wishes.iter().find_map(|wish| (0..self.columns.len()).find(|place| is_it(wish, *place)))
    }

    /// Whether a column has one of these names.
    fn is_named(&self, place: usize, wishes: Wishes) -> bool {
        self.names.get(place).is_some_and(|words| wishes.iter().any(|wish| has(words, wish)))
    }

    fn take(&mut self, wishes: Wishes, fits: impl Fn(&Shape) -> bool) -> Option<usize> {
        let place = self.peek(wishes, fits)?;
        self.taken.push(place);
        Some(place)
    }

    fn take_shaped(&mut self, fits: impl Fn(&Shape) -> bool) -> Option<usize> {
        let free = |place: &usize| !self.taken.contains(place);
        let place = (0..self.columns.len()).filter(free).find(|place| self.shapes.get(*place).is_some_and(&fits))?;
        self.taken.push(place);
        Some(place)
    }

    /// The words of the status column that tell that.
    fn statuses(&self, place: Option<usize>, wanted: Status) -> Vec<String> {
        let Some(place) = place else { return Vec::new() };
        let cells = self.rows.iter().filter_map(|row| row.get(place));
        let mut found: Vec<String> = cells.filter(|cell| status(cell) == Some(wanted)).cloned().collect();
        found.sort();
        found.dedup();
        found
    }

    /// What the words of the severity column mean, where it is not plain: `1 - Critical`.
    fn severities(&self, place: Option<usize>) -> BTreeMap<String, BTreeMap<String, String>> {
        let cells = self.rows.iter().filter_map(|row| row.get(place?));
        let meant = cells.filter_map(|cell| Some((cell.clone(), severity_in(cell)?.to_owned())));
        let meant: BTreeMap<String, String> = meant.filter(|(cell, word)| !cell.eq_ignore_ascii_case(word)).collect();
        if meant.is_empty() { BTreeMap::new() } else { BTreeMap::from([("severity".to_owned(), meant)]) }
    }

    /// Numbers are a score where one of them is no whole number up to five.
    fn scale(&self, place: Option<usize>) -> Scale {
        let beyond = |cell: &String| cell.contains(['.', ',']) || cell.parse::<u8>().is_ok_and(|level| level > 5);
        let is_score = place.and_then(|place| self.shapes.get(place)).is_some_and(|shape| shape.mostly(shape.scores));
        let mut cells = self.rows.iter().filter_map(|row| row.get(place?));
        if is_score && cells.any(beyond) { Scale::Score } else { Scale::Words }
    }
}

/// The columns that hold times.
struct Times {
    first: Option<usize>,
    last: Option<usize>,
    ticketed: Option<usize>,
    end: Option<usize>,
    again: Option<usize>,
    due: Option<usize>,
}

impl Times {
    fn take(table: &mut Guess<'_>) -> Self {
        let is_time = |shape: &Shape| shape.mostly(shape.times);
        let due = table.take(DUE, is_time);
        while table.take(PUBLIC, is_time).is_some() {}
        let again = table.take(AGAIN, is_time);
        // `Last Fixed` is an end before it is a last sighting, and `Last Detected` is no first one.
        let end = table.take(END, is_time);
        let last = table.take(LAST, is_time);
        let first = table.take(FIRST, is_time);
        let first = first.or_else(|| table.take_shaped(|shape| is_time(shape) && shape.is_full()));
        let ticketed = table.take(TICKETED, is_time);
        Self { first, last, ticketed, end, again, due }
    }

    fn events(&self, table: &Guess<'_>, status_place: Option<usize>) -> Vec<Emit> {
        let name = |place: Option<usize>| place.and_then(|place| table.columns.get(place).cloned());
        let (first, last, end) = (name(self.first), name(self.last), name(self.end));
        let mut events = Vec::new();
        let mut always = |event: &str, column: Option<String>| {
            events.extend(column.map(|column| emit(event, Vec::new(), At::Column(column))));
        };
        always("detected", first.clone().or_else(|| last.clone()));
        always("ticketed", name(self.ticketed));
        always("seen", last.clone().filter(|_| first.is_some()));
        always("redetected", name(self.again));
        let Some(column) = name(status_place) else {
            always("closed", end);
            return events;
        };
        let over = table.statuses(status_place, Status::Over);
        if over.is_empty() {
            always("closed", end.clone());
        }
        let since: Vec<String> = last.into_iter().chain(first).collect();
        let window = || At::Between(Window { after: since.clone(), by: Vec::new(), exported: true });
        let at = || end.clone().map_or_else(window, At::Column);
        let told = [
            ("closed", over, at()),
            ("false_positive", table.statuses(status_place, Status::FalsePositive), at()),
            ("exception_granted", table.statuses(status_place, Status::Accepted), window()),
        ];
        for (event, words, at) in told.into_iter().filter(|(_, words, _)| !words.is_empty()) {
            let when = Condition { column: column.clone(), any_of: words, ..Condition::default() };
            events.push(emit(event, vec![when], at));
        }
        events
    }
}

fn emit(event: &str, when: Vec<Condition>, at: At) -> Emit {
    Emit { event: event.to_owned(), when, at, fields: BTreeMap::new(), rules: Vec::new() }
}
