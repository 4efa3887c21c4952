//! Many requests become durable with one flush, and one that fails hurts no other, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use service::{ServiceError, ingest::SendEvents};
use std::collections::BTreeSet;
use store::{Database, batches::Counts};
use support::{Desk, NOW, behind, line};

const BEGUN: i64 = NOW - 900_000;
const CLIENTS: usize = 64;
const REQUESTS_EACH: usize = 12;

/// Makes the database itself refuse an event that carries the word.
async fn poison(database: &Database) {
    const SQLITE: &str = "create trigger poison before insert on events when new.body like '%poison%'
        begin select raise(abort, 'poisoned'); end";
    const POSTGRES: &str = "alter table events add constraint poison check (body not like '%poison%')";
    behind::run(database, SQLITE, POSTGRES).await;
}

on_both_engines! {
    async fn sixty_four_clients_share_their_flushes(place) {
        let desk = Desk::open(place).await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (services, granted) = (desk.services.clone(), desk.granted());
                tokio::spawn(async move {
                    let mut revisions = Vec::new();
                    for request in 0..REQUESTS_EACH {
                        let body = line("", &format!("item-{client}-{request}"), "detected", BEGUN);
                        let receipt = services.send_events(&granted, SendEvents::new("s", body.into_bytes())).await;
                        revisions.push(receipt.unwrap().revision);
                    }
                    revisions
                })
            })
            .collect();
        // Facts get one revision a commit.
        let mut commits = BTreeSet::new();
        for client in clients {
            commits.extend(client.await.unwrap());
        }
        let requests = CLIENTS * REQUESTS_EACH;
        assert!(commits.len() * 8 < requests, "{requests} requests in {} commits", commits.len());
        let report = desk.verify().await;
        assert_eq!((report.events, report.differences), (requests as u64, Vec::new()));
    }

    async fn a_poisoned_request_among_a_hundred_fails_alone(place) {
        let desk = Desk::open(place).await;
        poison(&desk.place.options.database).await;
        let sending: Vec<_> = (0..100)
            .map(|number| {
                let (services, granted) = (desk.services.clone(), desk.granted());
                let item = if number == 42 { "poison".to_owned() } else { format!("item-{number}") };
                let body = line("", &item, "detected", BEGUN) + &line("", &item, "ticketed", BEGUN + 60);
                tokio::spawn(async move { services.send_events(&granted, SendEvents::new("s", body.into_bytes())).await })
            })
            .collect();
        let (mut total, mut broken) = (Counts::default(), 0);
        for sent in sending {
            match sent.await.unwrap() {
                Ok(receipt) => total = total.plus(receipt.counts()),
                Err(error) => {
                    assert!(matches!(error, ServiceError::Broken(_)), "{error:?}");
                    broken += 1;
                }
            }
        }
        assert_eq!((broken, total), (1, Counts { received: 198, accepted: 198, duplicate: 0, quarantined: 0 }));
        let report = desk.verify().await;
        assert_eq!((report.events, report.items, report.differences), (198, 99, Vec::new()));
    }
}
