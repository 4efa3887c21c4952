//! Which webhooks are there, with which secrets, and what can be done about them?

use leptos::prelude::*;

use super::view::{SecretRow, WebhookRow};
use crate::components::SectionHead;
use crate::filter::encode;
use crate::words::webhooks;

/// One row a webhook.
#[component]
pub fn Webhooks(rows: Vec<WebhookRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(row).collect_view();
        view! {
            <section class="section" aria-labelledby="list">
                <SectionHead id="list".to_owned() title=webhooks::LIST_TITLE.to_owned() note=webhooks::LIST_NOTE.into()/>
                <table class="table stack webhooks-table">
                    <caption>{webhooks::CAPTION}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Source"</th>
                            <th scope="col">"Sender"</th>
                            <th scope="col">"Secrets that live"</th>
                            <th scope="col">"Next step"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any()
    })
}

fn row(row: WebhookRow) -> impl IntoView {
    let rotate = row.may_rotate.then(|| rotate(&row.source));
    let retire = row.may_retire.then(|| {
        let action = format!("/settings/webhooks/{}/retire", encode(&row.source));
        let label = format!("{} of {}", webhooks::RETIRE_DO, row.source);
        view! {
            <details class="fold">
                <summary>{webhooks::RETIRE}</summary>
                <form method="post" action=action>
                    <p>{webhooks::RETIRE_WHAT}</p>
                    <button class="button" aria-label=label>{webhooks::RETIRE_DO}</button>
                </form>
            </details>
        }
    });
    let remove = row.may_remove.then(|| remove(&row.source));
    let weak = (!row.weak.is_empty()).then(|| view! { <span class="sub">{row.weak}</span> });
    view! {
        <tr>
            <th scope="row">{row.source}<span class="sub"><code>{row.address}</code></span></th>
            <td data-th="Sender">{row.sender}", by "{row.proof}{weak}</td>
            <td data-th="Secrets that live">{row.secrets.into_iter().map(secret).collect_view()}</td>
            <td data-th="Next step">{rotate}{retire}{remove}</td>
        </tr>
    }
    .into_any()
}

fn secret(secret: SecretRow) -> impl IntoView {
    view! { <p>"Made "{secret.made}<span class="sub">{secret.last_used}"; "{secret.ends}</span></p> }
}

fn rotate(source: &str) -> impl IntoView + use<> {
    let action = format!("/settings/webhooks/{}/rotate", encode(source));
    let label = format!("{} for {source}", webhooks::ROTATE_DO);
    let (days, secret) = (format!("days-{source}"), format!("secret-{source}"));
    view! {
        <details class="fold">
            <summary>{webhooks::ROTATE}</summary>
            <form method="post" action=action>
                <p>{webhooks::ROTATE_WHAT}</p>
                <div class="field">
                    <label for=days.clone()>{webhooks::DAYS}</label>
                    <input id=days name="days" type="number" value="7" min="1" max="90" required/>
                    <p class="help">{webhooks::DAYS_HELP}</p>
                </div>
                <div class="field">
                    <label for=secret.clone()>{webhooks::GIVEN}</label>
                    <input id=secret name="secret" type="password" autocomplete="off" maxlength="256"/>
                    <p class="help">{webhooks::GIVEN_HELP}</p>
                </div>
                <button class="button" aria-label=label>{webhooks::ROTATE_DO}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Says what will happen and asks for the name of the source.
fn remove(source: &str) -> impl IntoView + use<> {
    let action = format!("/settings/webhooks/{}/remove", encode(source));
    let (field, help, name) = (format!("name-{source}"), format!("help-{source}"), source.to_owned());
    view! {
        <details class="fold">
            <summary>{webhooks::REMOVE}</summary>
            <form method="post" action=action>
                <p>{webhooks::REMOVE_WHAT}</p>
                <div class="field">
                    <label for=field.clone()>{webhooks::REMOVE_NAME}</label>
                    <input id=field name="name" required autocomplete="off" aria-describedby=help.clone()/>
                    <p class="help" id=help>{name}</p>
                </div>
                <button class="button">{webhooks::REMOVE_DO}</button>
            </form>
        </details>
    }
    .into_any()
}
