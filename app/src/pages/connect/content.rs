//! The layout of the page.

use leptos::prelude::*;

use super::view::{ConnectView, TokenRow};
use crate::components::{CopyLine, PageHead, SectionHead};
use crate::format::visible;
use crate::place::Place;
use crate::words::{connect, webhooks};

/// A token, the feed for tables, the door for events.
#[component]
pub fn ConnectContent(view: ConnectView) -> impl IntoView {
    view! {
        <PageHead question=Place::Connect.question().into() answer=view.answer/>
        <section class="section" aria-labelledby="token">
            <SectionHead id="token".to_owned() title=connect::TOKEN_TITLE.to_owned() note=connect::TOKEN_NOTE.into()/>
            {view.may_make.then(|| view! { <p class="actions"><a class="button primary" href="/settings/tokens">{connect::OWN_TOKENS}</a></p> })}
            <p class="label">"Or in the shell of the server"</p>
            <CopyLine line=view.token_command/>
            {tokens(view.tokens)}
        </section>
        <section class="section" aria-labelledby="odata">
            <SectionHead id="odata".to_owned() title=connect::ODATA_TITLE.to_owned() note=connect::ODATA_NOTE.into()/>
            <p class="label">"Address of the feed"</p>
            <CopyLine line=view.odata_address/>
            <p class="label">"The ten oldest, as a test"</p>
            <CopyLine line=view.odata_example/>
        </section>
        <section class="section" aria-labelledby="events">
            <SectionHead id="events".to_owned() title=connect::API_TITLE.to_owned() note=connect::API_NOTE.into()/>
            <CopyLine line=view.events_command/>
            {view.may_hook.then(|| view! { <p><a href="/settings/webhooks">{webhooks::DOOR}</a></p> })}
        </section>
    }
    .into_any()
}

fn tokens(rows: Vec<TokenRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <table class="table stack counts-table tokens-table">
                <caption>"Tokens that exist"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Scopes"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Ends"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(token).collect_view()}</tbody>
            </table>
        }
    })
}

fn token(row: TokenRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{visible(&row.name)}<span class="sub"><code>{row.id}</code></span></th>
            <td data-th="Scopes">{row.scopes}</td>
            <td data-th="Last used">{row.last_used}</td>
            <td data-th="Ends">{row.expires}</td>
        </tr>
    }
    .into_any()
}
