//! How does a source get a webhook, and how do its secrets change? A new one lives beside the old until that is retired.

use super::{
    kind::{Kind, Proof},
    secret::{check_given, new_secret},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::{
        record::Origin,
        secret::{Secret, hash_of, new_key},
    },
    ingest::checked_slug,
    sealed::DataKey,
    services::Services,
};
use domain::{
    id::{OrgId, SourceId},
    time::{DAY_SECONDS, Timestamp},
};
use std::path::{Path, PathBuf};
use store::{
    Conn, Store, StoreError, Tx,
    audit::{self, Act, Actor},
    log_state, sources, webhooks,
    webhooks::{NewSecret, SecretRow, WebhookRow},
};

/// So many secrets of one webhook live at once.
const SECRETS_MAX: usize = 2;
/// An old secret lives on for so many days at most, where an end is said.
pub const OVERLAP_DAYS_MAX: u32 = 90;

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct WebhookToAdd {
    /// The source whose events will come in by it.
    pub source: String,
    /// Which tool sends.
    pub kind: Kind,
    /// How it shows that it is the one; the usual way of the tool where nothing is said.
    pub proof: Option<Proof>,
    /// The secret, where the tool made it; else one is made.
    pub secret: Option<Secret<String>>,
}

/// How a webhook gets its second secret.
#[derive(Clone, Debug, Default)]
pub struct Rotation {
    /// The secret, where the tool made it; else one is made.
    pub secret: Option<Secret<String>>,
    /// Days after which the old one ends by itself; where nothing is said, both live until it is retired.
    pub days: Option<u32>,
}

/// A webhook as it is listed: never its secrets.
#[derive(Clone, Debug)]
pub struct WebhookView {
    /// Its source.
    pub source: String,
    /// Which tool sends.
    pub kind: Kind,
    /// How it shows that it is the one.
    pub proof: Proof,
    /// Since when.
    pub made_at: Timestamp,
    /// The secrets that live, oldest first.
    pub secrets: Vec<SecretView>,
}

/// A secret as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretView {
    /// Since when it lives.
    pub made_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// From when it counts no more, where that was said.
    pub retires_at: Option<Timestamp>,
}

impl WebhookView {
    /// Whether whoever reads one request can send others.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.proof == Proof::Key
    }
}

impl Services {
    /// Gives a source its webhook, and gives the secret or key to be shown once.
    ///
    /// # Errors
    /// `bad_parameter`, `already_made`, or what the store says.
    pub async fn add_webhook(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        wanted: WebhookToAdd,
    ) -> Result<Secret<String>, ServiceError> {
        checked_slug(&wanted.source)?;
        let proof = proof_of(&wanted)?;
        let changing = Changing::of(self, granted, origin, &wanted.source);
        store::run(async move {
            let (mut tx, at) = changing.begin().await?;
            let mut conn = tx.conn();
            if webhooks::find(&mut conn, changing.org, &changing.source).await?.is_some() {
                let detail = format!("the source `{}` has a webhook", changing.source);
                return Err(Refusal::new("already_made", detail).hint("rotate its secret, or remove it first").into());
            }
            let source = sources::register(&mut conn, changing.org, &changing.source, at).await?;
            webhooks::add(&mut conn, changing.org, source, (wanted.kind.as_str(), proof.as_str()), at).await?;
            let text = changing.keep(&mut conn, (source, 1), (wanted.kind, proof), wanted.secret, at).await?;
            let detail = format!("{} by {}", wanted.kind.as_str(), proof.as_str());
            changing.commit(tx, at, "webhook.add", detail).await?;
            Ok(text)
        })
        .await
    }

    /// All webhooks, without their secrets.
    ///
    /// # Errors
    /// What the store says.
    pub async fn webhooks(&self, granted: &Granted<proof::SourcesWrite>) -> Result<Vec<WebhookView>, ServiceError> {
        let (store, org, now) = (self.store().clone(), granted.org(), self.now());
        store::run(async move {
            let mut reader = store.reader().await?;
            let mut conn = reader.conn();
            let mut views = Vec::new();
            for row in webhooks::list(&mut conn, org).await? {
                let secrets = webhooks::secrets(&mut conn, org, row.source(), now).await?;
                views.push(view_of(row, &secrets)?);
            }
            Ok(views)
        })
        .await
    }

    /// Gives a webhook a second secret; both live until the old one is retired, or until its days are over.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], `bad_parameter` when two live already or the days are none, or what the store says.
    pub async fn rotate_webhook(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
        rotation: Rotation,
    ) -> Result<Secret<String>, ServiceError> {
        check_days(rotation.days)?;
        let changing = Changing::of(self, granted, origin, source);
        store::run(async move {
            let (mut tx, at) = changing.begin().await?;
            let mut conn = tx.conn();
            let (row, live) = changing.webhook(&mut conn, at).await?;
            if live.len() >= SECRETS_MAX {
                let detail = format!("{} secrets live already", live.len());
                return Err(Refusal::new("bad_parameter", detail).hint("retire the old one first").into());
            }
            let (kind, proof) = words_of(&row)?;
            if let Some(given) = &rotation.secret {
                check(kind, proof, given)?;
            }
            let number = live.last().map_or(0, SecretRow::number) + 1;
            let ends = changing.end_older(&mut conn, &row, (&live, rotation.days), at).await?;
            let text = changing.keep(&mut conn, (row.source(), number), (kind, proof), rotation.secret, at).await?;
            changing.commit(tx, at, "webhook.rotate", format!("secret {number}{ends}")).await?;
            Ok(text)
        })
        .await
    }

    /// Ends the older of two secrets for good.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], `bad_parameter` when only one lives, or what the store says.
    pub async fn retire_webhook_secret(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
    ) -> Result<(), ServiceError> {
        let changing = Changing::of(self, granted, origin, source);
        store::run(async move {
            let (mut tx, at) = changing.begin().await?;
            let mut conn = tx.conn();
            let (row, live) = changing.webhook(&mut conn, at).await?;
            let [old, _, ..] = live.as_slice() else {
                return Err(Refusal::new("bad_parameter", "only one secret lives")
                    .hint("rotate first, or remove the webhook")
                    .into());
            };
            webhooks::retire(&mut conn, changing.org, row.source(), old.number()).await?;
            changing.commit(tx, at, "webhook.retire", format!("secret {}", old.number())).await
        })
        .await
    }

    /// Ends a webhook; what it sent stays.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or what the store says.
    pub async fn remove_webhook(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
    ) -> Result<(), ServiceError> {
        let changing = Changing::of(self, granted, origin, source);
        store::run(async move {
            let (mut tx, at) = changing.begin().await?;
            let mut conn = tx.conn();
            let (row, _) = changing.webhook(&mut conn, at).await?;
            webhooks::remove(&mut conn, changing.org, row.source()).await?;
            changing.commit(tx, at, "webhook.remove", row.kind).await
        })
        .await
    }
}

/// A change of one webhook, by whom and from where.
struct Changing {
    store: Store,
    data_dir: PathBuf,
    org: OrgId,
    now: Timestamp,
    actor: Actor,
    origin: Origin,
    source: String,
}

impl Changing {
    fn of(services: &Services, granted: &Granted<proof::SourcesWrite>, origin: &Origin, source: &str) -> Self {
        Self {
            store: services.store().clone(),
            data_dir: services.data_dir().to_owned(),
            org: granted.org(),
            now: services.now(),
            actor: granted.caller().actor(),
            origin: origin.clone(),
            source: source.to_owned(),
        }
    }

    /// Changes wait for each other and for the log; the moment they count from.
    async fn begin(&self) -> Result<(Tx, Timestamp), StoreError> {
        let mut tx = self.store.begin().await?;
        let at = self.now.max(log_state::lock(&mut tx.conn(), self.org).await?.last_received_at);
        Ok((tx, at))
    }

    /// The change with its record, or neither.
    async fn commit(
        &self,
        mut tx: Tx,
        at: Timestamp,
        action: &'static str,
        detail: String,
    ) -> Result<(), ServiceError> {
        let act = self.origin.did(at, self.actor, action, self.source.clone());
        audit::append(&mut tx.conn(), self.org, &Act { detail, ..act }).await?;
        Ok(tx.commit().await?)
    }

    async fn webhook(&self, conn: &mut Conn<'_>, at: Timestamp) -> Result<(WebhookRow, Vec<SecretRow>), ServiceError> {
        let row = webhooks::find(conn, self.org, &self.source).await?.ok_or(ServiceError::NotFound)?;
        let live = webhooks::secrets(conn, self.org, row.source(), at).await?;
        Ok((row, live))
    }

    /// Says when the secrets that live will end, and forgets those that did; in words for the record.
    async fn end_older(
        &self,
        conn: &mut Conn<'_>,
        row: &WebhookRow,
        (live, days): (&[SecretRow], Option<u32>),
        at: Timestamp,
    ) -> Result<String, StoreError> {
        webhooks::remove_ended(conn, self.org, row.source(), at).await?;
        let Some(days) = days else { return Ok(String::new()) };
        let ends_at = at.plus(i64::from(days) * DAY_SECONDS);
        for old in live {
            webhooks::end_later(conn, self.org, row.source(), old.number(), ends_at).await?;
        }
        Ok(format!(", the older one ends at {ends_at}"))
    }

    /// Stores a secret in the form its proof wants, a new one where none is given; gives it to be shown once.
    async fn keep(
        &self,
        conn: &mut Conn<'_>,
        (source, number): (SourceId, i64),
        (kind, proof): (Kind, Proof),
        given: Option<Secret<String>>,
        made_at: Timestamp,
    ) -> Result<Secret<String>, ServiceError> {
        let made = match (given, proof) {
            (Some(given), _) => Ok(given),
            (None, Proof::Signature) => new_secret(kind),
            (None, Proof::Key) => new_key(),
        };
        let text = made.map_err(|_| StoreError::damaged("the system gave no random bytes"))?;
        let (key_id, secret) = match proof {
            Proof::Key => (String::new(), hash_of(text.expose()).to_vec()),
            Proof::Signature => self.sealed(&about(self.org, source, number), text.expose()).await?,
        };
        webhooks::add_secret(conn, self.org, source, &NewSecret { number, key_id, secret, made_at }).await?;
        Ok(text)
    }

    /// Under the key of the data directory. The rows must not hold anything of another key: half of it would be lost.
    async fn sealed(&self, about: &str, text: &str) -> Result<(String, Vec<u8>), ServiceError> {
        let key = key_of(&self.data_dir).await?;
        let sealed = key.seal(about, text.as_bytes())?;
        Ok((key.id().to_owned(), sealed))
    }
}

async fn key_of(data_dir: &Path) -> Result<DataKey, StoreError> {
    let data_dir = data_dir.to_owned();
    let read = tokio::task::spawn_blocking(move || DataKey::read_or_make(&data_dir));
    read.await.map_err(|_| StoreError::Stopped)?
}

/// What a sealed secret is bound to: moved to another webhook, it does not open.
pub(super) fn about(org: OrgId, source: SourceId, number: i64) -> String {
    format!("webhook {} {} {number}", org.get(), source.get())
}

/// The kind and proof of a stored webhook.
pub(super) fn words_of(row: &WebhookRow) -> Result<(Kind, Proof), StoreError> {
    let words = Kind::named(&row.kind).zip(Proof::named(&row.proof));
    words.ok_or_else(|| StoreError::damaged("a webhook of a kind or proof that is not known"))
}

fn proof_of(wanted: &WebhookToAdd) -> Result<Proof, Refusal> {
    let can = wanted.kind.proofs();
    let usual = can.first().copied().unwrap_or(Proof::Key);
    let proof = wanted.proof.unwrap_or(usual);
    if !can.contains(&proof) {
        let words: Vec<&str> = can.iter().map(|proof| proof.as_str()).collect();
        let detail = format!("`{}` cannot show a {}", wanted.kind.as_str(), proof.as_str());
        return Err(Refusal::new("bad_parameter", detail).hint(format!("expected {}", words.join(" or "))));
    }
    if let Some(given) = &wanted.secret {
        check(wanted.kind, proof, given)?;
    }
    Ok(proof)
}

fn check_days(days: Option<u32>) -> Result<(), Refusal> {
    if days.is_none_or(|days| (1..=OVERLAP_DAYS_MAX).contains(&days)) {
        return Ok(());
    }
    let detail = format!("the old secret lives on for 1 to {OVERLAP_DAYS_MAX} days");
    Err(Refusal::new("bad_parameter", detail).place("days"))
}

fn check(kind: Kind, proof: Proof, given: &Secret<String>) -> Result<(), Refusal> {
    match proof {
        Proof::Signature => check_given(kind, given.expose()),
        Proof::Key => Err(Refusal::new("bad_parameter", "a key that is sent along is made here").hint("leave it out")),
    }
}

fn view_of(row: WebhookRow, secrets: &[SecretRow]) -> Result<WebhookView, StoreError> {
    let (kind, proof) = words_of(&row)?;
    let secrets = secrets.iter().map(|secret| SecretView {
        made_at: secret.made_at(),
        used_at: secret.used_at(),
        retires_at: secret.retires_at(),
    });
    let secrets = secrets.collect();
    Ok(WebhookView { kind, proof, made_at: row.made_at(), source: row.slug, secrets })
}
