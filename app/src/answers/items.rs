//! The answer of the page `items`.

use domain::fact::Outcome;
use domain::severity::Severity;
use metrics::ledger::ItemState as LedgerState;
use metrics::real::days as in_days;
use service::question::items::{Column, Direction as Order, ItemRow as Row, ItemsPage, Reported, Slice};

use super::asking::{Asking, told};
use super::items_form::{chips, fields, hidden};
use crate::components::PageLinksView;
use crate::error::UiError;
use crate::filter::{Direction, Filter, SortColumn, encode};
use crate::format;
use crate::pages::items::{ColumnOrder, ColumnView, ItemRow, ItemsView};
use crate::words::items as words;

/// As many rows as a person scans before choosing a filter instead.
const ROWS_A_PAGE: u32 = 50;

/// What the list shows numbers of.
const COUNTED: [&str; 5] = ["items_known", "item_wall", "item_promised", "item_sla", "sla_shown_open"];

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<ItemsView, UiError> {
    let asking = Asking::of(query).await?;
    let slice = slice(&asking.filter);
    let page = asking.services.items(&asking.caller, &asking.ask, slice).await.map_err(told)?;
    Ok(ItemsView {
        answer: answer(&asking.filter, &page),
        fields: fields(&asking.filter, &page.choices),
        text: asking.filter.text.clone().unwrap_or_default(),
        hidden: hidden(&asking.filter),
        chips: chips(&asking.filter),
        clear: asking.filter.moment_only().address("/items"),
        columns: columns(&asking.filter),
        rows: page.rows.iter().map(|row| item_row(&asking.filter, row)).collect(),
        links: links(&asking.filter, &page),
        explanations: COUNTED.map(|metric| asking.named(metric)).into(),
        emptied_by: emptied_by(&asking.filter, &page),
    })
}

fn slice(filter: &Filter) -> Slice {
    Slice {
        column: match filter.sort.column {
            SortColumn::Id => Column::Id,
            SortColumn::Severity => Column::Severity,
            SortColumn::Team => Column::Team,
            SortColumn::Lived => Column::Lived,
            SortColumn::Promised => Column::Promised,
            SortColumn::Reported => Column::Reported,
            SortColumn::LastEvent => Column::LastEvent,
        },
        direction: match filter.sort.direction {
            Direction::SmallestFirst => Order::SmallestFirst,
            Direction::LargestFirst => Order::LargestFirst,
        },
        page: filter.page,
        per_page: ROWS_A_PAGE,
    }
}

fn answer(filter: &Filter, page: &ItemsPage) -> Vec<String> {
    let count = page.basis.items;
    if count == 0 {
        return vec![words::NONE.to_owned()];
    }
    let items = format::counted(count, "item", "items");
    let what = filter.set.map_or_else(
        || {
            if filter.is_narrowed() { "match".to_owned() } else { "are known".to_owned() }
        },
        |set| format!("match: {}", set.shown()),
    );
    let what = if count == 1 { what.replace("match", "matches").replace("are known", "is known") } else { what };
    vec![format!("{items} {what}.")]
}

fn columns(filter: &Filter) -> Vec<ColumnView> {
    let sorted = |column: SortColumn, is_number: bool| ColumnView {
        words: column.shown().to_owned(),
        is_number,
        href: Some(filter.sorted_by(filter.sort.clicked(column)).address("/items")),
        order: match (filter.sort.column == column, filter.sort.direction) {
            (false, _) => ColumnOrder::None,
            (true, Direction::SmallestFirst) => ColumnOrder::SmallestFirst,
            (true, Direction::LargestFirst) => ColumnOrder::LargestFirst,
        },
    };
    let state = ColumnView { words: "State".to_owned(), is_number: false, href: None, order: ColumnOrder::None };
    vec![
        sorted(SortColumn::Id, false),
        sorted(SortColumn::Severity, false),
        sorted(SortColumn::Team, false),
        state,
        sorted(SortColumn::Lived, true),
        sorted(SortColumn::Promised, true),
        sorted(SortColumn::Reported, true),
        sorted(SortColumn::LastEvent, true),
    ]
}

fn item_row(filter: &Filter, row: &Row) -> ItemRow {
    let class = row.asset_class.as_deref().map_or_else(String::new, |class| format!(", {class}"));
    ItemRow {
        href: filter.moment_only().address(&format!("/items/{}", encode(&row.id))),
        id: row.id.clone(),
        what: format!("{}{class}", row.kind.as_str().replace('_', " ")),
        severity: severity(row.severity, row.severity_now),
        team: row.team.clone().unwrap_or_else(|| "–".to_owned()),
        state: state(row.state).to_owned(),
        lived: format::days_in_words(in_days(row.lived_seconds)),
        promised: format!("{} days", format::promised_days(in_days(row.promised_seconds))),
        reported: row.reported.as_ref().map_or_else(|| "–".to_owned(), reported),
        last_event: format::date(row.last_event),
        is_overdue: row.is_overdue,
    }
}

fn severity(at_detection: Severity, now: Severity) -> String {
    if at_detection == now { at_detection.to_string() } else { format!("{at_detection}, now {now}") }
}

/// The state in the words of the filter.
pub(crate) const fn state(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Open => "still open",
        LedgerState::ClosedUnverified => "closed, nobody checked",
        LedgerState::Ended => "ended",
    }
}

/// `6.7 days, met`.
pub(crate) fn reported(reported: &Reported) -> String {
    format!("{}, {}", format::days_in_words(in_days(reported.elapsed_seconds)), outcome(reported.outcome, reported.met))
}

/// `met`, `late`, `exempt, counts as met`.
pub(crate) const fn outcome(outcome: Outcome, met: Option<bool>) -> &'static str {
    match (outcome, met) {
        (Outcome::Exempt, _) => "exempt, counts as met",
        (Outcome::Reset, _) => "reset, left out",
        (Outcome::Cancelled, _) => "cancelled, left out",
        (Outcome::Running, _) => "running",
        (Outcome::Closed, Some(true)) => "met",
        (Outcome::Closed, Some(false) | None) => "late",
    }
}

fn links(filter: &Filter, page: &ItemsPage) -> PageLinksView {
    let count = page.basis.items;
    let first = u64::from(page.page.saturating_sub(1)) * u64::from(ROWS_A_PAGE);
    let shown = page.rows.len() as u64;
    let place = if shown == 0 {
        format!("0 of {}", format::count(count))
    } else {
        format!("{}–{} of {}", format::count(first + 1), format::count(first + shown), format::count(count))
    };
    let at = |number: u32| filter.at_page(number).address("/items");
    PageLinksView {
        place,
        previous: (page.page > 1).then(|| at(page.page - 1)),
        next: (u64::from(page.page) < page.pages).then(|| at(page.page + 1)),
        csv: Filter { page: 1, ..filter.clone() }.address("/items.csv"),
    }
}

fn emptied_by(filter: &Filter, page: &ItemsPage) -> String {
    if !page.rows.is_empty() {
        return String::new();
    }
    if page.basis.of_items == 0 {
        return "No item is known yet: import a file on the page Sources.".to_owned();
    }
    if page.basis.items > 0 {
        return format!(
            "The list has {} and ends before page {}.",
            format::counted(page.basis.items, "item", "items"),
            filter.page
        );
    }
    let on: Vec<String> = chips(filter).into_iter().map(|chip| chip.words).collect();
    format!("None of {} passes all of: {}.", format::counted(page.basis.of_items, "item", "items"), on.join("; "))
}
