//! What does each column mean? Its name, some of its cells, and a list of meanings.

use leptos::prelude::*;

use super::view::{ColumnView, ColumnsView};
use crate::components::{ChoiceView, SectionHead};
use crate::format::visible;
use crate::words::mapping;

/// One row a column.
#[component]
pub fn Columns(columns: ColumnsView) -> impl IntoView {
    let groups = columns.groups;
    let rows = columns.rows.into_iter().map(|column| row(column, &groups)).collect_view();
    let errors = columns.errors.into_iter().map(|error| view! { <p class="error">{error}</p> }).collect_view();
    view! {
        <section class="section mapping-columns" aria-labelledby="columns">
            <SectionHead id="columns".to_owned() title=columns.title note=columns.note.as_str().into()/>
            {errors}
            <table class="table stack mapping-table">
                <caption>{mapping::COLUMNS_CAPTION}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        <th scope="col">"Some of its cells"</th>
                        <th scope="col">"It means"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(column: ColumnView, groups: &[(String, Vec<ChoiceView>)]) -> impl IntoView {
    let (id, name) = (format!("column-{}", column.place), format!("column:{}", column.place));
    let note = format!("{id}-note");
    let label = format!("Meaning of {}", visible(&column.name));
    let is_wrong = !column.error.is_empty();
    let class = if column.role.is_empty() { "unused" } else { "used" };
    let groups = groups.iter().map(|group| options(group, &column.role)).collect_view();
    let cells = column.cells.iter().map(|cell| view! { <li>{visible(cell)}</li> }).collect_view();
    let error = is_wrong.then(|| view! { <p class="error" id=note.clone()>{column.error}</p> });
    let cannot_be_used = column.name.is_empty();
    view! {
        <tr class=class>
            <th scope="row">{if cannot_be_used { mapping::NAMELESS.to_owned() } else { visible(&column.name) }}<span class="sub">{column.filled}</span></th>
            <td data-th="Cells"><ul class="mapping-cells">{cells}</ul></td>
            <td data-th="Means">
                <select id=id name=name aria-label=label disabled=cannot_be_used aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then_some(note)>
                    <option value="">{mapping::NOT_USED}</option>
                    {groups}
                </select>
                {error}
            </td>
        </tr>
    }
    .into_any()
}

fn options((title, choices): &(String, Vec<ChoiceView>), chosen: &str) -> impl IntoView {
    let options = choices.iter().map(|choice| {
        let is_chosen = choice.value == chosen;
        view! { <option value=choice.value.clone() selected=is_chosen>{choice.words.clone()}</option> }
    });
    view! { <optgroup label=title.clone()>{options.collect_view()}</optgroup> }.into_any()
}
