//! Which webhook is meant, and is it its sender who asks? Only then is anything read of the body.

use super::{
    kind::{Kind, Proof},
    manage::{about, words_of},
    proof::{Known, Shown, Unproved, prove},
    secret::mac_key,
};
use crate::{
    authorise::Caller,
    error::ServiceError,
    identity::{caller::Who, secret::Secret},
    sealed::DataKey,
    services::{FIRST_ORG, Services},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};
use std::path::{Path, PathBuf};
use store::{
    Store, StoreError, webhooks,
    webhooks::{SecretRow, WebhookRow},
};

/// The last use is written down at most so often.
const TOUCH_SECONDS: i64 = 60;

/// A webhook that may receive, with its secrets at hand.
#[derive(Debug)]
pub struct Webhook {
    /// Which tool sends.
    pub kind: Kind,
    /// How it shows that it is the one.
    pub proof: Proof,
    /// The word of its source.
    pub source: String,
    org: OrgId,
    id: SourceId,
    secrets: Vec<SecretRow>,
    known: Vec<Known>,
}

/// A sender that has shown to be the one.
#[derive(Debug)]
pub struct Proved {
    /// Who it is, for the decision what it may do.
    pub caller: Caller,
    /// By which of the secrets.
    place: usize,
}

impl Services {
    /// The webhook of a source, if it has one.
    ///
    /// # Errors
    /// What the store says, or that the key its secrets are sealed under is another or gone.
    pub async fn webhook(&self, org: OrgId, source: &str) -> Result<Option<Webhook>, ServiceError> {
        let (store, data_dir, source) = (self.store().clone(), self.data_dir().to_owned(), source.to_owned());
        let now = self.now();
        store::run(async move {
            let mut reader = store.reader().await?;
            let mut conn = reader.conn();
            let Some(row) = webhooks::find(&mut conn, org, &source).await? else { return Ok(None) };
            let secrets = webhooks::secrets(&mut conn, org, row.source(), now).await?;
            drop(reader);
            let opened = tokio::task::spawn_blocking(move || opened(org, row, secrets, &data_dir));
            opened.await.map_err(|_| StoreError::Stopped)?.map(Some)
        })
        .await
    }

    /// Writes the last use of a secret down behind the sender's back, once a minute at most.
    pub fn touch_webhook(&self, webhook: &Webhook, proved: &Proved) {
        let now = self.now();
        let Some(secret) = webhook.secrets.get(proved.place) else { return };
        if secret.used_at().is_some_and(|used| now.since(used) < TOUCH_SECONDS) {
            return;
        }
        let (store, org, source, number) = (self.store().clone(), webhook.org, webhook.id, secret.number());
        tokio::spawn(async move {
            let written = async {
                let mut tx = store.begin().await?;
                webhooks::touch(&mut tx.conn(), org, source, number, now).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                tracing::warn!(event = "touch_failed", reason = %error, "the last use of a webhook was not written");
            }
        });
    }
}

impl Webhook {
    /// Its number: that of its source.
    #[must_use]
    pub const fn id(&self) -> SourceId {
        self.id
    }

    /// Whether what was shown proves the sender.
    ///
    /// # Errors
    /// [`Unproved`].
    pub fn prove(&self, shown: &Shown, body: &[u8], now: Timestamp) -> Result<Proved, Unproved> {
        let place = prove(&self.known, shown, body, now)?;
        let who = Who::Webhook { id: self.id, source: self.source.clone() };
        Ok(Proved { caller: Caller { org: self.org, who, at: now }, place })
    }
}

fn opened(org: OrgId, row: WebhookRow, secrets: Vec<SecretRow>, data_dir: &Path) -> Result<Webhook, ServiceError> {
    let (kind, proof) = words_of(&row)?;
    let id = row.source();
    let known = match proof {
        Proof::Key => secrets.iter().map(|secret| Known::Hash(secret.secret.clone())).collect(),
        Proof::Signature => {
            let key = DataKey::read(data_dir)?.ok_or_else(|| gone(secrets.first()))?;
            let open = |secret: &SecretRow| open_secret(&key, kind, &about(org, id, secret.number()), secret);
            secrets.iter().map(open).collect::<Result<Vec<Known>, StoreError>>()?
        }
    };
    Ok(Webhook { kind, proof, source: row.slug, org, id, secrets, known })
}

fn open_secret(key: &DataKey, kind: Kind, about: &str, secret: &SecretRow) -> Result<Known, StoreError> {
    let text = key.open(about, &secret.secret)?;
    let text = str::from_utf8(text.expose()).map_err(|_| StoreError::damaged("a secret is no text"))?;
    let bytes = mac_key(kind, text).ok_or_else(|| StoreError::damaged("a secret in no form of its kind"))?;
    Ok(Known::MacKey(Secret::new(bytes)))
}

fn gone(secret: Option<&SecretRow>) -> StoreError {
    let id = secret.map_or("", |secret| secret.key_id.as_str());
    StoreError::Unsafe(format!(
        "secrets are sealed under the data key `{id}`, and there is none; restore `keys/data.key`"
    ))
}

/// Refuses to start over a database whose secrets are sealed under a key that is not the one here.
pub(crate) async fn refuse_other_key(store: &Store, data_dir: &Path) -> Result<(), StoreError> {
    let data_dir: PathBuf = data_dir.to_owned();
    let read = tokio::task::spawn_blocking(move || DataKey::read(&data_dir));
    let key = read.await.map_err(|_| StoreError::Stopped)??;
    let ours = key.as_ref().map_or("", DataKey::id);
    let mut reader = store.reader().await?;
    match webhooks::sealed_under_another(&mut reader.conn(), FIRST_ORG, ours).await? {
        None => Ok(()),
        Some(theirs) => {
            let here =
                if ours.is_empty() { "there is none here".to_owned() } else { format!("the one here is `{ours}`") };
            Err(StoreError::Unsafe(format!(
                "secrets are sealed under the data key `{theirs}`, and {here}; restore `keys/data.key`"
            )))
        }
    }
}
