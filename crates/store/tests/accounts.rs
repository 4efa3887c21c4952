//! Do people, sign-ins, tokens, the set-up code and the audit trail keep what they were given, on both engines?
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::OrgId, time::Timestamp};
use store::{
    StoreError,
    accounts::{self, OrgRow},
    audit::{self, Act, Actor},
    people::{self, NewPerson, NewStanding},
    sessions::{self, NewSession},
    setup,
    tokens::{self, Changed, NewToken},
};

const ORG: OrgId = OrgId::from_row(1);

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn person(email: &str) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: "Somebody".to_owned(),
        role: "analyst",
        membership: "active",
        teams: "Cloud\nNetwork".to_owned(),
        password_hash: Some("$argon2id$…".to_owned()),
        created_at: at(1),
    }
}

fn act(action: &'static str) -> Act {
    Act {
        at: at(5),
        actor: Actor::Operator,
        action,
        object: "1".to_owned(),
        outcome: "done",
        request_id: String::new(),
        address: String::new(),
        detail: "ü".repeat(4_000),
    }
}

on_both_engines! {
    async fn people_keep_their_standing_and_an_address_is_taken_once(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let first = people::add(conn, ORG, &person("a@example.test")).await.unwrap();
        people::add(conn, ORG, &person("b@example.test")).await.unwrap();
        assert_eq!(people::count(conn, ORG).await.unwrap(), 2);
        assert_eq!(people::list(conn, ORG).await.unwrap().len(), 2);
        people::set_password(conn, ORG, first, "new").await.unwrap();
        let standing =
            NewStanding { role: "admin", membership: "disabled", teams: String::new(), auditor_until: Some(at(9)) };
        people::set_standing(conn, ORG, first, &standing).await.unwrap();
        let row = people::by_id(conn, ORG, first).await.unwrap().unwrap();
        assert_eq!((row.role.as_str(), row.membership.as_str(), row.rights_version), ("admin", "disabled", 3));
        assert_eq!((row.auditor_until(), row.password_hash.as_deref()), (Some(at(9)), Some("new")));
        assert!(people::by_email(conn, OrgId::from_row(2), "a@example.test").await.unwrap().is_none());
        let taken = people::add(conn, ORG, &person("a@example.test")).await.unwrap_err();
        assert!(matches!(&taken, StoreError::Constraint(name) if name.contains("email")), "{taken}");
    }

    async fn a_person_holds_the_newest_sign_ins_only(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let person = people::add(conn, ORG, &person("a@example.test")).await.unwrap();
        for number in 0..4_u8 {
            let session = NewSession {
                hash: [number; 32],
                person,
                made_at: at(i64::from(number)),
                proved_at: at(i64::from(number) + 1),
                rights_version: 1,
                address: String::new(),
                agent: String::new(),
            };
            sessions::add(conn, ORG, &session, 2).await.unwrap();
        }
        assert!(sessions::find(conn, ORG, &[1; 32]).await.unwrap().is_none());
        sessions::touch(conn, ORG, &[3; 32], at(100)).await.unwrap();
        let row = sessions::find(conn, ORG, &[3; 32]).await.unwrap().unwrap();
        assert_eq!((row.person(), row.made_at(), row.used_at()), (person, at(3), at(100)));
        assert_eq!(row.proved_at(), at(4), "being used proves nothing");
        sessions::end_expired(conn, ORG, at(0), at(50)).await.unwrap();
        assert!(sessions::find(conn, ORG, &[2; 32]).await.unwrap().is_none());
        sessions::end(conn, ORG, &[3; 32]).await.unwrap();
        sessions::end_all_of(conn, ORG, person).await.unwrap();
        assert!(sessions::find(conn, ORG, &[3; 32]).await.unwrap().is_none());
    }

    async fn a_token_is_found_used_and_revoked_once(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let token = NewToken {
            public_id: "abcdefgh".to_owned(),
            hash: [7; 32],
            name: "scanner".to_owned(),
            scopes: "write:events".to_owned(),
            sources: String::new(),
            names: "masked",
            maker: None,
            made_at: at(1),
            expires_at: at(10),
        };
        let id = tokens::add(conn, ORG, &token).await.unwrap();
        tokens::touch(conn, ORG, id, at(5)).await.unwrap();
        let row = tokens::find(conn, ORG, "abcdefgh").await.unwrap().unwrap();
        assert_eq!((row.id(), row.maker(), row.made_at(), row.expires_at()), (id, None, at(1), at(10)));
        assert_eq!((row.used_at(), row.revoked_at()), (Some(at(5)), None));
        assert_eq!(tokens::revoke(conn, ORG, "abcdefgh", at(6)).await.unwrap(), Changed::One);
        assert_eq!(tokens::revoke(conn, ORG, "abcdefgh", at(7)).await.unwrap(), Changed::Nothing);
        assert_eq!(tokens::list(conn, ORG).await.unwrap().len(), 1);
    }

    async fn the_tokens_of_a_person_are_the_ones_that_person_made(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let maker = people::add(conn, ORG, &person("a@example.test")).await.unwrap();
        for (public_id, maker) in [("aaaaaaaa", Some(maker)), ("bbbbbbbb", None)] {
            let token = NewToken {
                public_id: public_id.to_owned(),
                hash: [7; 32],
                name: "reading".to_owned(),
                scopes: "read:api".to_owned(),
                sources: String::new(),
                names: "masked",
                maker,
                made_at: at(1),
                expires_at: at(10),
            };
            tokens::add(conn, ORG, &token).await.unwrap();
        }
        let own = tokens::list_of(conn, ORG, maker).await.unwrap();
        assert_eq!(own.iter().map(|row| row.public_id.as_str()).collect::<Vec<_>>(), ["aaaaaaaa"]);
        assert!(tokens::list_of(conn, OrgId::from_row(2), maker).await.unwrap().is_empty());
    }

    async fn a_set_up_code_is_replaced_spent_and_ended(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        setup::put(conn, ORG, &[1; 32], at(10), 1).await.unwrap();
        setup::put(conn, ORG, &[2; 32], at(20), 1).await.unwrap();
        for _ in 0..3 {
            setup::spend_try(conn, ORG).await.unwrap();
        }
        let row = setup::get(conn, ORG).await.unwrap().unwrap();
        assert_eq!((row.hash, row.tries_left), (vec![2; 32], 0));
        setup::end(conn, ORG).await.unwrap();
        assert!(setup::get(conn, ORG).await.unwrap().is_none());
    }

    async fn the_audit_trail_adds_up_and_an_organisation_has_its_name(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        for action in ["person.add", "token.add", "token.revoke"] {
            audit::append(conn, ORG, &act(action)).await.unwrap();
        }
        let found = audit::check(conn, ORG).await.unwrap();
        assert_eq!((found.records, found.differences), (3, Vec::new()));
        let row = OrgRow { name: "Aldergate".to_owned(), watermark: "sample".to_owned() };
        accounts::name(conn, ORG, &row).await.unwrap();
        assert_eq!(accounts::get(conn, ORG).await.unwrap(), Some(row));
        tx.commit().await.unwrap();
    }
}
