//! What would happen to the chosen lines, and the one button that makes it so.

use leptos::prelude::*;

use super::view::{ExampleView, ForeseenView, KeptView};
use crate::components::SectionHead;
use crate::words::quality;

/// The counts, why lines would stay held, the first examples, and the confirmation.
#[component]
pub fn Foreseen(foreseen: ForeseenView) -> impl IntoView {
    let hidden =
        foreseen.hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let confirm = (!foreseen.confirm.is_empty()).then(|| {
        view! {
            <form method="post" action="/quality/act">
                {hidden.collect_view()}
                <button class="button">{foreseen.confirm}</button>
            </form>
        }
    });
    view! {
        <section class="section foreseen" aria-labelledby="foreseen">
            <SectionHead id="foreseen".to_owned() title=foreseen.title note=foreseen.asked.as_str().into()/>
            {sums(foreseen.sums)}
            {kept(foreseen.kept)}
            <ul class="examples">{foreseen.examples.into_iter().map(example).collect_view()}</ul>
            <div class="held-acts">{confirm}<a href=foreseen.leave>{quality::LEAVE}</a></div>
        </section>
    }
    .into_any()
}

/// Counts with their words.
pub(super) fn sums(sums: Vec<(String, String)>) -> impl IntoView {
    let sums = sums.into_iter().map(|(count, words)| view! { <div><dd>{count}</dd><dt>{words}</dt></div> });
    view! { <dl class="sums">{sums.collect_view()}</dl> }
}

/// Why lines stay held.
pub(super) fn kept(kept: Vec<KeptView>) -> impl IntoView {
    let any = !kept.is_empty();
    let row = |kept: KeptView| {
        view! {
            <tr>
                <th scope="row"><code>{kept.code}</code></th>
                <td class="num" data-th="Lines">{kept.lines}</td>
                <td data-th="The first says">{kept.detail}</td>
            </tr>
        }
    };
    any.then(|| {
        view! {
            <table class="table stack counts-table">
                <caption>"Why lines stay held"</caption>
                <thead><tr><th scope="col">"Reason"</th><th scope="col" class="num">"Lines"</th><th scope="col">"The first says"</th></tr></thead>
                <tbody>{kept.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

fn example(example: ExampleView) -> impl IntoView {
    let after = (!example.after.is_empty())
        .then(|| view! { <p class="caption">"becomes"</p><pre class="raw">{example.after}</pre> });
    view! { <li><p><b>{example.line}</b>": "{example.fate}</p><pre class="raw">{example.before}</pre>{after}</li> }
        .into_any()
}
