//! How long does a reader wait for the first page? Asked the first time, with every interval drawn, and again while
//! nothing has been learnt: `cargo run --release -p service --example answers_speed`. `EVENTS` says how many events.
#![expect(clippy::print_stdout, reason = "printing is all it does")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads its size")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may fail loudly")]

use domain::{policy::Policy, time::Timestamp};
use service::{
    Clock, FIRST_ORG, Services, ServicesOptions,
    authorise::Caller,
    bench::{ImportBench, fill},
    question::ask::Ask,
};
use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};
use store::{Database, StoreOptions};

const RUNS: usize = 301;
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

fn main() {
    let events = std::env::var("EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("wallclock-answers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let clock: Clock = Arc::new(|| Timestamp::from_seconds(1_790_000_000));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stopwatch = || BEGUN.elapsed().as_secs_f64();
        fill(&ImportBench { events, folder: folder.clone(), postgres: None, stopwatch }, clock.clone()).await.unwrap();
        let options = ServicesOptions {
            store: StoreOptions::new(Database::Sqlite(folder.join("imported"))),
            data_dir: folder.join("imported"),
            policy: Policy::built_in().unwrap(),
        };
        ask(&Services::open(options, clock).await.unwrap()).await;
    });
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn ask(services: &Services) {
    let caller = Caller::operator(FIRST_ORG, services.now());
    let moment = services.present_moment(FIRST_ORG).await.unwrap();
    println!("{} items, {} events in SQLite; milliseconds waited for", moment.items, moment.events);
    let begun = Instant::now();
    services.gap(&caller, &Ask::default()).await.unwrap();
    println!("gap, asked the first time, all intervals drawn: {:.1}", begun.elapsed().as_secs_f64() * 1e3);
    let mut again = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = Instant::now();
        services.gap(&caller, &Ask::default()).await.unwrap();
        again.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    again.sort_by(f64::total_cmp);
    println!("gap, asked again: smallest {:.3}, middle {:.3}", again[0], again[RUNS / 2]);
}
