//! Work that was begun is finished, whoever goes away: dropping the caller loses nothing that was acknowledged.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::time::Timestamp;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use store::{Store, StoreError, log_state, run, sources};
use support::lines::ORG;

/// Enough to lose some every time when the work is not spawned.
const REQUESTS: u32 = 600;

async fn write(store: Store, number: u32, acknowledged: Arc<Mutex<BTreeSet<String>>>) -> Result<(), StoreError> {
    let slug = format!("s{number}");
    let (name, to) = (slug.clone(), store.clone());
    run(async move {
        let mut tx = to.begin().await?;
        log_state::lock(&mut tx.conn(), ORG).await?;
        sources::register(&mut tx.conn(), ORG, &name, Timestamp::from_seconds(0)).await?;
        tx.commit().await
    })
    .await?;
    acknowledged.lock().unwrap().insert(slug);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_callers_go_away() {
    let fresh = support::engines::postgres().await;
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut abandoned = 0;
    for number in 0..REQUESTS {
        let request = tokio::spawn(write(fresh.store.clone(), number, acknowledged.clone()));
        // The caller goes away at another moment each time, most of them in the middle of the work.
        for _ in 0..(number * 7) % 40 {
            tokio::task::yield_now().await;
        }
        if number % 3 == 0 {
            drop(request.await);
        } else {
            request.abort();
            abandoned += u32::from(request.await.is_err());
        }
    }
    assert!(abandoned > REQUESTS / 10, "only {abandoned} callers went away");
    let mut reader = fresh.store.reader().await.unwrap();
    let stored = sources::list(&mut reader.conn(), ORG).await.unwrap();
    let stored: BTreeSet<String> = stored.into_iter().map(|source| source.slug).collect();
    let lost: Vec<_> = acknowledged.lock().unwrap().difference(&stored).cloned().collect();
    assert_eq!(lost, Vec::<String>::new());
}
