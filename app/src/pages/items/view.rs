//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{ChipView, PageLinksView, SelectView};

/// The list, its filters and its place in the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemsView {
    pub answer: Vec<String>,
    /// The closed choices of the form; each knows what is chosen.
    pub fields: Vec<SelectView>,
    /// What is searched for.
    pub text: String,
    /// Parts of the address that no field of the form holds, carried along.
    pub hidden: Vec<(String, String)>,
    pub chips: Vec<ChipView>,
    /// The list without any filter.
    pub clear: String,
    pub columns: Vec<ColumnView>,
    pub rows: Vec<ItemRow>,
    pub links: PageLinksView,
    /// What the numbers mean: names and addresses.
    pub explanations: Vec<(String, String)>,
    /// Which filter emptied the list; empty when rows are there.
    pub emptied_by: String,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub words: String,
    pub is_number: bool,
    /// The list in the order of this column; none where a column gives no order.
    pub href: Option<String>,
    pub order: ColumnOrder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnOrder {
    None,
    SmallestFirst,
    LargestFirst,
}

/// One item in the order of the columns: item, severity, team, state, there for, promised, reported, last event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    pub id: String,
    pub href: String,
    /// Kind and asset class under the id.
    pub what: String,
    pub severity: String,
    pub team: String,
    pub state: String,
    /// `97.6 days`
    pub lived: String,
    /// `7 days`
    pub promised: String,
    /// `6.7 days, met`, or a dash.
    pub reported: String,
    pub last_event: String,
    /// Whether it has been there for longer than promised.
    pub is_overdue: bool,
}
