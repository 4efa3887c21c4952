//! A program that keeps other facts than the one before it folds the log again when it starts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use store::Database;
use support::{Desk, NOW, behind, line};

/// Facts as a version that is gone may have left them: another first byte, and a body nobody reads any more.
async fn leave_old_facts(database: &Database) {
    let changed = behind::run(database, "update facts set body = x'00ff'", "update facts set body = '\\x00ff'");
    assert_eq!(changed.await, 2);
}

on_both_engines! {
    async fn facts_of_another_version_are_folded_again(place) {
        let desk = Desk::open(place).await;
        desk.send(&(line("", "a", "detected", NOW - 900) + &line("", "b", "detected", NOW - 800))).await;
        desk.send(&line("", "a", "verified", NOW - 100)).await;
        let before = desk.state_hash().await;
        leave_old_facts(&desk.place.options.database).await;
        let desk = desk.reopened().await;
        assert_eq!(desk.state_hash().await, before);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }
}
