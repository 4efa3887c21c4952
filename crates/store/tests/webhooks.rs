//! Do webhooks and their secrets keep what they were given, on both engines?
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::OrgId, time::Timestamp};
use store::{
    StoreError, log_state, sources,
    webhooks::{self, NewSecret},
};

const ORG: OrgId = OrgId::from_row(1);

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn secret(number: i64, key_id: &str) -> NewSecret {
    NewSecret { number, key_id: key_id.to_owned(), secret: vec![0, 255, 7], made_at: at(number) }
}

on_both_engines! {
    async fn a_source_has_one_webhook_and_its_secrets_come_and_go(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        log_state::lock(conn, ORG).await.unwrap();
        let (jira, aws) = (
            sources::register(conn, ORG, "jira", at(1)).await.unwrap(),
            sources::register(conn, ORG, "aws", at(1)).await.unwrap(),
        );
        webhooks::add(conn, ORG, jira, ("jira", "signature"), at(2)).await.unwrap();
        webhooks::add(conn, ORG, aws, ("securityhub", "key"), at(3)).await.unwrap();
        for number in [1, 2] {
            webhooks::add_secret(conn, ORG, jira, &secret(number, "ab")).await.unwrap();
        }
        webhooks::add_secret(conn, ORG, aws, &secret(1, "")).await.unwrap();
        let found = webhooks::find(conn, ORG, "jira").await.unwrap().unwrap();
        assert_eq!((found.source(), found.kind.as_str(), found.proof.as_str()), (jira, "jira", "signature"));
        assert_eq!(found.made_at(), at(2));
        assert!(webhooks::find(conn, OrgId::from_row(2), "jira").await.unwrap().is_none());
        let slugs: Vec<String> =
            webhooks::list(conn, ORG).await.unwrap().into_iter().map(|row| row.slug).collect();
        assert_eq!(slugs, ["aws", "jira"]);
        webhooks::touch(conn, ORG, jira, 2, at(9)).await.unwrap();
        let live = webhooks::secrets(conn, ORG, jira, at(10)).await.unwrap();
        assert_eq!(live.iter().map(|row| (row.number(), row.used_at())).collect::<Vec<_>>(), [(1, None), (2, Some(at(9)))]);
        assert_eq!((live[0].secret.as_slice(), live[0].key_id.as_str(), live[0].made_at()), (&[0, 255, 7][..], "ab", at(1)));
        webhooks::end_later(conn, ORG, jira, 1, at(20)).await.unwrap();
        let living = async |conn: &mut store::Conn<'_>, moment: i64| {
            let live = webhooks::secrets(conn, ORG, jira, at(moment)).await.unwrap();
            live.iter().map(|row| (row.number(), row.retires_at())).collect::<Vec<_>>()
        };
        assert_eq!(living(conn, 19).await, [(1, Some(at(20))), (2, None)]);
        assert_eq!(living(conn, 20).await, [(2, None)], "its time is over");
        webhooks::remove_ended(conn, ORG, jira, at(19)).await.unwrap();
        assert_eq!(living(conn, 0).await.len(), 2, "what lives is not forgotten");
        webhooks::remove_ended(conn, ORG, jira, at(20)).await.unwrap();
        assert_eq!(living(conn, 0).await, [(2, None)]);
        webhooks::add_secret(conn, ORG, jira, &secret(3, "ab")).await.unwrap();
        webhooks::retire(conn, ORG, jira, 3).await.unwrap();
        let live = webhooks::secrets(conn, ORG, jira, at(10)).await.unwrap();
        assert_eq!(live.iter().map(webhooks::SecretRow::number).collect::<Vec<_>>(), [2]);
        webhooks::remove(conn, ORG, jira).await.unwrap();
        assert!(webhooks::secrets(conn, ORG, jira, at(10)).await.unwrap().is_empty());
        assert_eq!(webhooks::list(conn, ORG).await.unwrap().len(), 1);
        let again = webhooks::add(conn, ORG, aws, ("jira", "key"), at(4)).await.unwrap_err();
        assert!(matches!(again, StoreError::Constraint(_)), "{again}");
    }

    async fn what_is_sealed_under_another_key_is_found(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        log_state::lock(conn, ORG).await.unwrap();
        let source = sources::register(conn, ORG, "jira", at(1)).await.unwrap();
        webhooks::add(conn, ORG, source, ("jira", "signature"), at(2)).await.unwrap();
        webhooks::add_secret(conn, ORG, source, &secret(1, "")).await.unwrap();
        assert_eq!(webhooks::sealed_under_another(conn, ORG, "ours").await.unwrap(), None, "a hash needs no key");
        webhooks::add_secret(conn, ORG, source, &secret(2, "ours")).await.unwrap();
        assert_eq!(webhooks::sealed_under_another(conn, ORG, "ours").await.unwrap(), None);
        webhooks::add_secret(conn, ORG, source, &secret(3, "theirs")).await.unwrap();
        assert_eq!(webhooks::sealed_under_another(conn, ORG, "ours").await.unwrap(), Some("theirs".to_owned()));
    }
}
