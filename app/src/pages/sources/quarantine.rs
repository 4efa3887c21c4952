//! Lines that are held, by reason, each with its raw text and a way out.

use leptos::prelude::*;

use super::view::{HeldLine, QuarantineView, ReasonView};
use crate::components::{RawLine, SectionHead};
use crate::filter::encode;
use crate::format::visible;
use crate::words::sources;

/// One table by reason, and under each reason its lines.
#[component]
pub fn Quarantine(quarantine: QuarantineView) -> impl IntoView {
    let any = !quarantine.groups.is_empty();
    let total = quarantine.total;
    view! {
        <section class="section" aria-labelledby="quarantine">
            <SectionHead id="quarantine".to_owned() title=quarantine.title note=sources::QUARANTINE_NOTE.into()/>
            {any.then(|| view! {
                <table class="table stack counts-table">
                    <caption>"Held lines by reason"</caption>
                    <thead><tr><th scope="col">"Reason"</th><th scope="col" class="num">"Lines"</th><th scope="col">"Next step"</th></tr></thead>
                    {quarantine.groups.into_iter().map(group).collect_view()}
                    <tfoot><tr><th scope="row">"Sum"</th><td class="num" data-th="Lines">{total}</td><td></td></tr></tfoot>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn group(group: ReasonView) -> impl IntoView {
    let lines = group.entries.into_iter().map(line).collect_view();
    let more = (!group.more.is_empty()).then(|| view! { <li class="muted">{group.more}</li> });
    let summary = format!("Lines held as {}", group.reason);
    view! {
        <tbody>
            <tr>
                <th scope="row"><code>{group.reason}</code><span class="sub">{group.words}</span></th>
                <td class="num" data-th="Lines">{group.lines}</td>
                <td data-th="Next step">
                    {group.next_step}
                    <details class="fold held">
                        <summary aria-label=summary>"Lines"</summary>
                        <ul>{lines}{more}</ul>
                    </details>
                </td>
            </tr>
        </tbody>
    }
    .into_any()
}

fn line(line: HeldLine) -> impl IntoView {
    let action = format!("/sources/quarantine/{}/release", encode(&line.id));
    let release = line.idempotency.map(|idempotency| {
        let label = format!("Release {}", line.place);
        view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency" value=idempotency/>
                <button class="link-button" aria-label=label>{sources::RELEASE}</button>
            </form>
        }
    });
    view! {
        <li>
            <p><b>{visible(&line.place)}</b>", "{line.received}</p>
            <p class="muted">{visible(&line.detail)}</p>
            <RawLine shown=visible(&line.raw)/>
            {release}
        </li>
    }
    .into_any()
}
