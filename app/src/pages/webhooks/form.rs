//! The form that makes a webhook.

use leptos::prelude::*;

use super::view::WebhookForm;
use crate::components::{ChoiceView, Field, SelectField, SelectView, TextView};
use crate::words::webhooks;

/// A plain form to `POST /settings/webhooks`; what was typed stays when it is not taken, but for the secret.
#[component]
pub fn MakeWebhook(form: WebhookForm) -> impl IntoView {
    let source = TextView {
        name: "source",
        label: webhooks::SOURCE,
        sort: "text",
        value: form.source,
        help: webhooks::SOURCE_HELP,
        is_required: true,
        ..TextView::default()
    };
    let sender = SelectView {
        name: "kind".to_owned(),
        label: webhooks::SENDER.to_owned(),
        any: "choose".to_owned(),
        choices: form.senders,
        chosen: form.sender,
    };
    let choice = |value: &str, words: &str| ChoiceView { value: value.to_owned(), words: words.to_owned() };
    let proof = SelectView {
        name: "proof".to_owned(),
        label: webhooks::PROOF.to_owned(),
        any: webhooks::PROOF_USUAL.to_owned(),
        choices: vec![choice("signature", webhooks::PROOF_SIGNATURE), choice("key", webhooks::PROOF_KEY)],
        chosen: form.proof,
    };
    let given = TextView {
        name: "secret",
        label: webhooks::GIVEN,
        sort: "password",
        help: webhooks::GIVEN_HELP,
        autocomplete: "off",
        ..TextView::default()
    };
    view! {
        <form method="post" action="/settings/webhooks" class="webhook-form">
            <Field field=source/>
            <SelectField select=sender/>
            <SelectField select=proof/>
            <Field field=given/>
            <div class="actions"><button class="button primary">{webhooks::MAKE}</button></div>
        </form>
    }
    .into_any()
}
