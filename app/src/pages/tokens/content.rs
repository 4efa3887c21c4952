//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::form::MakeToken;
use super::view::{Door, MadeView, OwnTokenRow, TokensView};
use crate::components::{CopyLine, Notice, PageHead, SectionHead};
use crate::filter::encode;
use crate::format::visible;
use crate::sentence::Sentence;
use crate::words::{question, tokens};

/// The token just made, the form, and the tokens that are there.
#[component]
pub fn TokensContent(view: TokensView) -> impl IntoView {
    let may_revoke = matches!(view.door, Door::Open(_));
    let tokens = view.tokens.into_iter().map(|own| OwnTokenRow { is_alive: own.is_alive && may_revoke, ..own });
    let own: Vec<OwnTokenRow> = tokens.collect();
    let door = match view.door {
        Door::Open(form) => Either::Left(view! { <MakeToken form=form/> }),
        Door::Confirm(place) => Either::Right(confirm(place)),
    };
    view! {
        <PageHead question=question::TOKENS.into() answer=view.answer/>
        {view.made.map(made)}
        <section class="section" aria-labelledby="make">
            <SectionHead id="make".to_owned() title=tokens::MAKE_TITLE.to_owned() note=tokens::MAKE_NOTE.into()/>
            {door}
        </section>
        {(!own.is_empty()).then(|| table(own))}
    }
    .into_any()
}

fn made(made: MadeView) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="made">
            <SectionHead id="made".to_owned() title=tokens::MADE_TITLE.to_owned() note=Sentence::plain(visible(&made.name))/>
            <Notice word=tokens::ONCE sentence=tokens::ONCE_NOTE.to_owned()/>
            <CopyLine line=made.text/>
        </section>
    }
    .into_any()
}

fn confirm(place: String) -> impl IntoView {
    view! {
        <p>{tokens::CONFIRM_WHY}</p>
        <p class="actions"><a class="button primary" href=place>{tokens::CONFIRM}</a></p>
    }
    .into_any()
}

fn table(rows: Vec<OwnTokenRow>) -> impl IntoView {
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <section class="section" aria-labelledby="own">
            <SectionHead id="own".to_owned() title=tokens::OWN_TITLE.to_owned() note=tokens::OWN_NOTE.into()/>
            <table class="table stack counts-table tokens-table">
                <caption>{tokens::CAPTION}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Scopes"</th>
                        <th scope="col">"Names"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Ends"</th>
                        <th scope="col">"Next step"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(own: OwnTokenRow) -> impl IntoView {
    let action = format!("/settings/tokens/{}/revoke", encode(&own.id));
    let label = format!("Revoke {}", own.name);
    let revoke = own.is_alive.then(|| {
        view! {
            <form method="post" action=action>
                <button class="link-button" aria-label=label>{tokens::REVOKE}</button>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row">{own.name}<span class="sub"><code>{own.id}</code></span></th>
            <td data-th="Scopes">{own.scopes}</td>
            <td data-th="Names">{own.names}</td>
            <td data-th="Last used">{own.last_used}</td>
            <td data-th="Ends">{own.ends}</td>
            <td data-th="Next step">{revoke}</td>
        </tr>
    }
    .into_any()
}
