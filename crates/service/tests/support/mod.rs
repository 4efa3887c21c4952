//! What tests of this crate stand on: services over a fresh store, a clock that is set by hand, and lines.
#![expect(dead_code, unreachable_pub, reason = "each test file is a program of its own and uses a part of this")]

pub mod behind;
pub mod disk;
#[path = "../../../store/tests/support/engines.rs"]
pub mod engines;

use domain::{policy::Policy, time::Timestamp};
use engines::Place;
use service::{
    Clock, FIRST_ORG, Services, ServicesOptions,
    authorise::{Caller, Granted, Object, Proves, authorise, proof},
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, ImportSummary, Receipt, ReceivedAt, SendEvents},
    limits::IngestLimits,
    verify::{Depth, VerifyReport},
};
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

pub const NOW: i64 = 1_780_000_000;

/// Services over a fresh store.
pub struct Desk {
    pub services: Services,
    pub clock: Arc<AtomicI64>,
    pub place: Place,
    limits: IngestLimits,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        Self::open_within(place, IngestLimits::default()).await
    }

    pub async fn open_within(place: Place, limits: IngestLimits) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        let services = open(&place, &clock, limits).await;
        Self { services, clock, place, limits }
    }

    /// The same database in services of their own, as after a restart.
    pub async fn reopened(self) -> Self {
        let Self { services, clock, place, limits } = self;
        services.store().close().await;
        drop(services);
        let services = open(&place, &clock, limits).await;
        Self { services, clock, place, limits }
    }

    pub fn granted<P: Proves>(&self) -> Granted<P> {
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        authorise(&caller, Object::OwnOrg).unwrap()
    }

    pub fn set_clock(&self, seconds: i64) {
        self.clock.store(seconds, Ordering::Relaxed);
    }

    pub async fn try_send(&self, events: SendEvents) -> Result<Receipt, service::ServiceError> {
        self.services.send_events(&self.granted::<proof::EventsWrite>(), events).await
    }

    pub async fn send(&self, body: &str) -> Receipt {
        self.try_send(SendEvents::new("scanner", body.as_bytes().to_vec())).await.unwrap()
    }

    /// Sends lines whose `received_at` is their own.
    pub async fn send_carried(&self, body: &str) -> Receipt {
        let events =
            SendEvents { received_at: ReceivedAt::Carried, ..SendEvents::new("scanner", body.as_bytes().to_vec()) };
        self.try_send(events).await.unwrap()
    }

    pub async fn try_import(&self, bytes: &[u8]) -> Result<ImportSummary, service::ServiceError> {
        self.try_import_from("scanner", bytes).await
    }

    pub async fn try_import_from(&self, source: &str, bytes: &[u8]) -> Result<ImportSummary, service::ServiceError> {
        let input = ImportInput::Stream(Box::new(std::io::Cursor::new(bytes.to_vec())));
        let options = ImportOptions {
            name: "events.ndjson".into(),
            source: source.into(),
            allowed: AllowedSources::Any,
            received_at: ReceivedAt::Stamped,
            encoding: None,
            plan: None,
            said: service::ingest::FileSaid::default(),
            origin: Origin::default(),
        };
        self.services.import(&self.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await
    }

    pub async fn import(&self, text: &str) -> ImportSummary {
        self.try_import(text.as_bytes()).await.unwrap()
    }

    pub async fn verify(&self) -> VerifyReport {
        self.services.verify(&self.granted::<proof::AuditRead>(), Depth::Full).await.unwrap()
    }

    /// A hash over the facts of all items by id: equal knowledge is an equal hash, whatever the order it came in.
    pub async fn state_hash(&self) -> String {
        let present = self.services.present_ledger(FIRST_ORG).await.unwrap();
        let mut hash = Sha256::new();
        for item in present.ledger.items() {
            hash.update(format!("{} {:?}\n", item.id, item.facts));
        }
        format!("{:x}", hash.finalize())
    }
}

async fn open(place: &Place, clock: &Arc<AtomicI64>, limits: IngestLimits) -> Services {
    let seconds = clock.clone();
    let clock: Clock = Arc::new(move || Timestamp::from_seconds(seconds.load(Ordering::Relaxed)));
    let options = ServicesOptions {
        store: place.options.clone(),
        data_dir: place.folder.path().to_owned(),
        policy: Policy::built_in().unwrap(),
    };
    Services::open_within(options, clock, limits).await.unwrap()
}

/// The code of a refusal; anything else ends the test.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, service::ServiceError>) -> &'static str {
    refused(outcome).code
}

/// A refusal; anything else ends the test.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, service::ServiceError>) -> service::Refusal {
    let told = format!("{outcome:?}");
    let refusal = match outcome {
        Err(service::ServiceError::Refused(refusal)) => Some(refusal),
        _ => None,
    };
    assert!(refusal.is_some(), "not refused: {told}");
    refusal.unwrap()
}

/// A line of an item: `id` may be empty.
pub fn line(id: &str, item: &str, event: &str, at: i64) -> String {
    let at = Timestamp::from_seconds(at);
    let id = if id.is_empty() { String::new() } else { format!("\"id\":\"{id}\",") };
    format!("{{{id}\"item_id\":\"{item}\",\"event\":\"{event}\",\"at\":\"{at}\"}}\n")
}
