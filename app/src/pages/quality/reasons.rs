//! Held lines by reason, each with its share, its span and its sources.

use leptos::prelude::*;

use super::view::{ReasonRow, ReasonsView};
use crate::components::SectionHead;
use crate::words::quality;

/// One row a reason; the count leads to its lines.
#[component]
pub fn Reasons(reasons: ReasonsView) -> impl IntoView {
    let any = !reasons.rows.is_empty();
    view! {
        <section class="section" aria-labelledby="reasons">
            <SectionHead id="reasons".to_owned() title=reasons.title note=quality::REASONS_NOTE.into()/>
            {any.then(|| view! {
                <table class="table stack counts-table">
                    <caption>"Held lines by reason"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Reason"</th>
                            <th scope="col" class="num">"Lines"</th>
                            <th scope="col" class="num">"Of received"</th>
                            <th scope="col">"First"</th>
                            <th scope="col">"Last"</th>
                            <th scope="col">"Sources"</th>
                            <th scope="col">"Next step"</th>
                        </tr>
                    </thead>
                    <tbody>{reasons.rows.into_iter().map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"Sum"</th>
                            <td class="num" data-th="Lines">{reasons.total}</td>
                            <td class="num" data-th="Of received">{reasons.total_share}</td>
                            <td></td><td></td><td></td><td></td>
                        </tr>
                    </tfoot>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn row(row: ReasonRow) -> impl IntoView {
    let label = format!("{} lines held as {}", row.lines, row.reason);
    view! {
        <tr>
            <th scope="row"><code>{row.reason}</code><span class="sub">{row.words}</span></th>
            <td class="num" data-th="Lines"><a href=row.href aria-label=label>{row.lines}</a></td>
            <td class="num" data-th="Of received">{row.share}</td>
            <td data-th="First">{row.first}</td>
            <td data-th="Last">{row.last}</td>
            <td data-th="Sources">{row.sources}</td>
            <td data-th="Next step">{row.next_step}</td>
        </tr>
    }
    .into_any()
}
