//! An upload of a register is a version, the same rows again are none, and one faulty row refuses all, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{register::Register, time::Timestamp};
use service::{
    ServiceError,
    authorise::proof,
    identity::record::Origin,
    registers::{RegisterKept, RegisterRows, RegisterSlice, RegisterUpload, WhichVersion},
};
use support::{Desk, NOW, refused};

const PEOPLE: &str = "id,name,team,analyst,valid_from\nada,Ada,soc,yes,2026-01-01\nbo,Bo,apps,no,2025-06-01\n";

async fn put(desk: &Desk, body: &str, expected: Option<u32>) -> Result<RegisterKept, ServiceError> {
    let upload = RegisterUpload { body: body.as_bytes().to_vec(), expected, origin: Origin::default() };
    desk.services.put_register(&desk.granted::<proof::RegistersWrite>(), Register::People, upload).await
}

async fn rows(desk: &Desk, which: WhichVersion) -> Result<RegisterRows, ServiceError> {
    let slice = RegisterSlice { which, after: store::registers::FIRST, limit: 100 };
    desk.services.register(&desk.granted::<proof::NamesRead>(), Register::People, slice).await
}

/// How many acts are on record; only uploads of this test are.
async fn acts(desk: &Desk) -> u64 {
    let mut reader = desk.services.store().reader().await.unwrap();
    store::audit::check(&mut reader.conn(), service::FIRST_ORG).await.unwrap().records
}

on_both_engines! {
    async fn an_upload_is_a_version_and_the_same_rows_again_are_none(place) {
        let desk = Desk::open(place).await;
        let first = put(&desk, PEOPLE, None).await.unwrap();
        assert_eq!((first.version.version, first.version.rows, first.version.by.as_str()), (1, 2, "operator"));
        assert!(!first.unchanged && first.unknown_columns.is_empty());
        let same = put(&desk, PEOPLE, None).await.unwrap();
        assert!(same.unchanged && same.version == first.version, "{same:?}");
        desk.set_clock(NOW + 100);
        // The same people as lines, one of them moved; a column nobody knows and a blank line are told of.
        let lines = "{\"id\":\"ada\",\"name\":\"Ada\",\"team\":\"soc\",\"analyst\":true,\"valid_from\":\"2026-01-01\",\"shoe\":\"44\"}\n\n{\"id\":\"bo\",\"team\":\"soc\"}\n";
        let second = put(&desk, lines, Some(1)).await.unwrap();
        assert_eq!((second.version.version, second.version.added, second.version.ended), (2, 1, 1));
        assert_eq!((second.ignored, second.unknown_columns.join(" ").as_str()), (1, "shoe"));
        assert_eq!(acts(&desk).await, 2);
        let teams = |rows: &RegisterRows| rows.rows.iter().map(|row| row.text("team").unwrap().to_owned()).collect::<Vec<_>>();
        let newest = rows(&desk, WhichVersion::Newest).await.unwrap();
        assert_eq!((newest.version.version, teams(&newest)), (2, vec!["soc".to_owned(), "soc".to_owned()]));
        for then in [WhichVersion::KnownAt(Timestamp::from_seconds(NOW + 99)), WhichVersion::Number(1)] {
            let past = rows(&desk, then).await.unwrap();
            assert_eq!((past.version.version, teams(&past)), (1, vec!["soc".to_owned(), "apps".to_owned()]));
        }
        for never in [WhichVersion::KnownAt(Timestamp::from_seconds(NOW - 1)), WhichVersion::Number(3)] {
            assert!(matches!(rows(&desk, never).await, Err(ServiceError::NotFound)));
        }
    }

    async fn a_faulty_row_refuses_the_whole_upload_with_its_row_and_column(place) {
        let desk = Desk::open(place).await;
        put(&desk, PEOPLE, None).await.unwrap();
        let faulty = "id,team,joined_on,analyst\nada,soc,2026-01-01,yes\n,soc,soon,perhaps\nada,apps,,\n";
        let refusal = refused(put(&desk, faulty, None).await);
        assert_eq!((refusal.code, refusal.detail.as_str()), ("register_refused", "2 of 3 rows of `people` cannot be taken; nothing was stored"));
        let told: Vec<_> = refusal.errors.iter().map(|fault| {
            (fault["row"].as_u64().unwrap(), fault["line"].as_u64().unwrap(), fault["column"].as_str().unwrap(), fault["reason"].as_str().unwrap())
        }).collect();
        assert_eq!(told, [(2, 3, "joined_on", "bad_value"), (2, 3, "analyst", "bad_value"), (3, 4, "id", "bad_value")]);
        let newest = rows(&desk, WhichVersion::Newest).await.unwrap();
        assert_eq!((newest.version.version, newest.rows.len(), acts(&desk).await), (1, 2, 1));
    }

    async fn whoever_read_an_older_version_changes_nothing(place) {
        let desk = Desk::open(place).await;
        put(&desk, PEOPLE, Some(0)).await.unwrap();
        for expected in [0, 2] {
            assert_eq!(refused(put(&desk, "id\ncy\n", Some(expected)).await).code, "precondition_failed");
        }
        assert_eq!(rows(&desk, WhichVersion::Newest).await.unwrap().version.version, 1);
    }

    async fn a_file_that_is_no_register_is_refused(place) {
        let desk = Desk::open(place).await;
        for (body, code) in [
            ("", "empty_file"),
            ("id,team\n", "no_rows"),
            ("team\nsoc\n", "missing_header"),
            ("id,id\na,b\n", "duplicate_header"),
            ("[{\"id\":\"a\"},", "json_syntax"),
        ] {
            assert_eq!(refused(put(&desk, body, None).await).code, code, "{body}");
        }
        assert!(matches!(rows(&desk, WhichVersion::Newest).await, Err(ServiceError::NotFound)));
    }

    async fn every_register_is_listed_with_its_newest_version(place) {
        let desk = Desk::open(place).await;
        put(&desk, PEOPLE, None).await.unwrap();
        put(&desk, "id,valid_from\nada,2026-03-01\nbo,\n", None).await.unwrap();
        let listed = desk.services.registers(&desk.granted::<proof::FiguresRead>()).await.unwrap();
        assert_eq!(listed.len(), Register::ALL.len());
        for (register, head) in listed {
            let Some(head) = head else {
                assert_ne!(register, Register::People);
                continue;
            };
            assert_eq!((register, head.newest.version, head.newest.rows), (Register::People, 2, 2));
            // The row of the first version that began in 2025 is no more.
            assert_eq!(head.valid_from.map(|day| day.to_string()).as_deref(), Some("2026-03-01"));
        }
    }
}
