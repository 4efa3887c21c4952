//! The answer of the page of tools that send by themselves.

use domain::time::Timestamp;
use leptos::prelude::use_context;
use service::authorise::{Caller, Object, authorise, is_fresh, proof};
use service::error::Refusal;
use service::identity::secret::Secret;
use service::services::Services;
use service::webhook::{Kind, Proof, SecretView, WebhookView};

use super::asking::told;
use super::connect::PublicAddress;
use super::webhook_senders;
use crate::components::ChoiceView;
use crate::error::UiError;
use crate::format;
use crate::pages::webhooks::{Door, MadeSecret, SecretRow, WebhookForm, WebhookRow, WebhooksView};
use crate::words::webhooks as words;

/// Where the password is given again, and the way back.
const CONFIRM: &str = "/step-up?next=/settings/webhooks";

/// What became of the form that was just sent.
#[derive(Clone, Debug)]
pub enum WebhookOutcome {
    /// It lives; where the tool made its secret itself there is none to show.
    Made {
        source: String,
        secret: Option<Secret<String>>,
    },
    Refused {
        typed: TypedWebhook,
        refusal: Refusal,
    },
}

/// What stood in the form, but for the secret.
#[derive(Clone, Debug, Default)]
pub struct TypedWebhook {
    pub source: String,
    pub kind: String,
    pub proof: String,
}

/// Asks the service and writes its answer in words.
pub(crate) async fn load(_query: &str) -> Result<WebhooksView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let services = use_context::<Services>().ok_or(UiError::Unavailable)?;
    let outcome = use_context::<WebhookOutcome>();
    let address = use_context::<PublicAddress>().ok_or(UiError::Unavailable)?.0;
    let granted = authorise::<proof::SourcesWrite>(&caller, Object::OwnOrg).map_err(|denied| told(denied.into()))?;
    let all = services.webhooks(&granted).await.map_err(told)?;
    let (made, refused) = match outcome {
        Some(WebhookOutcome::Made { source, secret }) => (Some((source, secret)), None),
        Some(WebhookOutcome::Refused { typed, refusal }) => (None, Some((typed, refusal))),
        None => (None, None),
    };
    let made = made.and_then(|(source, secret)| {
        let webhook = all.iter().find(|webhook| webhook.source == source)?;
        Some(shown_once(webhook, secret, &address))
    });
    let (typed, trouble) = refused.map_or_else(Default::default, |(typed, refusal)| (typed, sentence(&refusal)));
    let may_change = is_fresh(&caller);
    let rows = all.iter().map(|webhook| row(webhook, &address));
    Ok(WebhooksView {
        answer: vec![answer(&all, caller.at)],
        made,
        trouble,
        door: if may_change { Door::Open(form(typed)) } else { Door::Confirm(CONFIRM.to_owned()) },
        webhooks: if may_change { rows.collect() } else { rows.map(locked).collect() },
        senders: webhook_senders::rows(),
    })
}

fn sentence(refusal: &Refusal) -> String {
    let hint = refusal.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format::heading(format!("{}{hint}.", refusal.detail))
}

fn answer(all: &[WebhookView], now: Timestamp) -> String {
    if all.is_empty() {
        return "No tool sends by itself yet.".to_owned();
    }
    let is_new = |secret: &SecretView| secret.used_at.is_some_and(|used| now.since(used) < domain::time::DAY_SECONDS);
    let heard = all.iter().filter(|webhook| webhook.secrets.iter().any(is_new)).count() as u64;
    format!(
        "{}; {} of them proved a sender in the last 24 hours.",
        format::counted(all.len() as u64, "source has a webhook", "sources have a webhook"),
        format::count(heard)
    )
}

fn form(typed: TypedWebhook) -> WebhookForm {
    let sender =
        |kind: Kind| ChoiceView { value: kind.as_str().to_owned(), words: webhook_senders::name_of(kind).to_owned() };
    WebhookForm {
        source: typed.source,
        senders: Kind::ALL.into_iter().map(sender).collect(),
        sender: typed.kind,
        proof: typed.proof,
    }
}

/// Where a webhook listens.
fn address_of(source: &str, origin: &str) -> String {
    format!("{origin}/api/v1/webhooks/in/{source}")
}

fn shown_once(webhook: &WebhookView, secret: Option<Secret<String>>, origin: &str) -> MadeSecret {
    let address = address_of(&webhook.source, origin);
    let line = |label: &str, line: String| (label.to_owned(), line);
    let lines = match (webhook.proof, secret) {
        (Proof::Key, Some(key)) => vec![
            line(words::ADDRESS_WITH_KEY, format!("{address}/{}", key.expose())),
            line(words::KEY, key.expose().clone()),
        ],
        (Proof::Signature, Some(secret)) => {
            vec![line(words::ADDRESS, address), line(words::SECRET, secret.expose().clone())]
        }
        (_, None) => vec![line(words::ADDRESS, address)],
    };
    MadeSecret { title: format!("The webhook of {} is ready.", webhook.source), lines }
}

fn row(webhook: &WebhookView, origin: &str) -> WebhookRow {
    let live = webhook.secrets.len();
    WebhookRow {
        source: webhook.source.clone(),
        sender: webhook_senders::name_of(webhook.kind).to_owned(),
        proof: webhook.proof.as_str().to_owned(),
        weak: if webhook.is_weak() { words::WEAK.to_owned() } else { String::new() },
        address: address_of(&webhook.source, origin),
        secrets: webhook.secrets.iter().map(secret_row).collect(),
        may_rotate: live < 2,
        may_retire: live > 1,
        may_remove: true,
    }
}

/// Before the password is given again nothing can be done.
fn locked(row: WebhookRow) -> WebhookRow {
    WebhookRow { may_rotate: false, may_retire: false, may_remove: false, ..row }
}

fn secret_row(secret: &SecretView) -> SecretRow {
    SecretRow {
        made: format::minute(secret.made_at),
        last_used: secret
            .used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("last used {}", format::minute(at))),
        ends: secret
            .retires_at
            .map_or_else(|| "counts until it is retired".to_owned(), |at| format!("retires {}", format::minute(at))),
    }
}
