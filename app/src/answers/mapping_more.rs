//! What few tables need said, on the mapping page: as it was answered, with an empty line for one more.

use service::draft::{Fixed, Look, RowFilter, Table, choices_of_page};

use super::mapping_form::{choice, wrong};
use crate::components::ChoiceView;
use crate::format;
use crate::pages::mapping::{FilterView, FixedView, LinesView, MoreView, TypedView};
use crate::words::mapping;

/// Lines that stand there at least, so that two can be said before the page comes anew.
const LINES_MIN: usize = 2;

/// Of a table alone; of one whose saved mapping is used as it stands nothing can be answered.
pub(super) fn more(look: &Look, table: &Table) -> MoreView {
    let answers = &look.draft.answers;
    let fixed =
        lines(&answers.fixed).enumerate().map(|(place, said)| fixed(said, wrong(look, &format!("fixed-{place}"))));
    let filters =
        lines(&answers.filters).enumerate().map(|(place, said)| filter(said, wrong(look, &format!("filter-{place}"))));
    let named = table.columns.iter().filter(|column| !column.name.is_empty());
    let is_said = !answers.item_id.is_empty() || !answers.fixed.is_empty() || !answers.filters.is_empty();
    MoreView {
        is_open: is_said || !answers.null_words.is_empty(),
        item_id: TypedView {
            name: "item_id".to_owned(),
            label: mapping::ITEM_ID.to_owned(),
            value: answers.item_id.clone(),
            help: item_help(look),
            error: wrong(look, "item_id"),
            offered: Vec::new(),
        },
        fixed: fixed.collect(),
        roles: choices_of_page().fixed.iter().map(|(word, title)| choice(word, title)).collect(),
        filters: filters.collect(),
        columns: named.map(|column| choice(&column.name, &column.name)).collect::<Vec<ChoiceView>>(),
        null_words: LinesView {
            label: mapping::NULL_WORDS.to_owned(),
            value: answers.null_words.join("\n"),
            help: mapping::NULL_WORDS_HELP.to_owned(),
        },
    }
}

/// The lines that were said, and empty ones.
fn lines<T: Clone + Default>(said: &[T]) -> impl Iterator<Item = T> {
    let count = LINES_MIN.max(said.len() + 1);
    said.iter().cloned().chain(std::iter::repeat_with(T::default)).take(count)
}

fn fixed(said: Fixed, error: String) -> FixedView {
    FixedView { role: said.role, value: said.value, error }
}

fn filter(said: RowFilter, error: String) -> FilterView {
    let (test, words) = (said.test.as_str().to_owned(), said.words.join("\n"));
    FilterView { column: said.column, test, words, error }
}

/// How it is written, and what names the item now.
fn item_help(look: &Look) -> String {
    let now = look.plan.settings.mapping.as_ref().map(|mapping| mapping.item.as_str()).unwrap_or_default();
    if now.is_empty() || !look.draft.answers.item_id.is_empty() {
        return mapping::ITEM_ID_HELP.to_owned();
    }
    format!("{} Now: {}", mapping::ITEM_ID_HELP, format::visible(now))
}
