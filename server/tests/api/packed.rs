//! Is a packed body read as the one it was, and stopped where it unfolds too far?

use std::io::Write;

use axum::body::Body;
use axum::http::Request;
use service::identity::scope::Scope;

use crate::support::{Answer, Asker, EVENT, TestApp, post, put};

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(plain).unwrap();
    packed.finish().unwrap()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 3).unwrap()
}

fn packed_as(mut request: Request<Body>, packing: &str) -> Request<Body> {
    request.headers_mut().insert("content-encoding", packing.parse().unwrap());
    request
}

async fn send(app: &TestApp, token: &Asker, packing: &str, body: Vec<u8>) -> Answer {
    app.ask(token, packed_as(post("/api/v1/events", "application/x-ndjson", body), packing)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_registers_may_be_packed() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::WriteRegisters]).await;
    let first = send(&app, &token, "gzip", gzip(EVENT.as_bytes())).await;
    assert_eq!(first.json()["accepted"], 1, "{}", first.text);
    for (packing, body) in
        [("zstd", zstd(EVENT.as_bytes())), ("X-GZIP", gzip(EVENT.as_bytes())), ("identity", EVENT.into())]
    {
        let again = send(&app, &token, packing, body).await;
        assert_eq!(again.json()["duplicate"], 1, "{packing} {}", again.text);
    }
    let batch = post("/api/v1/events/batch", "application/json", zstd(format!("[{EVENT}]").as_bytes()));
    let batch = app.ask(&token, packed_as(batch, "zstd")).await;
    assert_eq!(batch.json()["events"][0]["status"], "duplicate", "{}", batch.text);
    let register = put("/api/v1/registers/people", "text/csv", gzip(b"id\nada\n"));
    let register = app.ask(&token, packed_as(register, "gzip")).await;
    assert_eq!(register.json()["rows"], 1, "{}", register.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_unfolds_too_far_or_not_at_all_is_refused() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    // More than 16 MiB of events that differ, so that the ratio is an honest one; then blanks, so that it is not.
    let line = |number: u32| format!("{}\n", EVENT.replace("e1", &format!("{:x}", number.wrapping_mul(2_654_435_761))));
    let long: String = (0..220_000).map(line).collect();
    assert!(long.len() > 16 << 20);
    let whole = gzip(EVENT.as_bytes());
    for (what, packing, body, status, code) in [
        ("too long", "gzip", gzip(long.as_bytes()), 413, "unpacked_too_large"),
        ("a bomb", "zstd", zstd(&vec![b' '; 12 << 20]), 413, "unpacked_too_large"),
        ("cut off", "gzip", whole[..whole.len() - 9].to_vec(), 422, "archive_cut_off"),
        ("not packed", "gzip", EVENT.as_bytes().to_vec(), 422, "archive_broken"),
        ("packed twice", "gzip", gzip(&whole), 422, "archive_nested"),
        ("another packing", "br", whole.clone(), 415, "unsupported_encoding"),
        ("two packings", "gzip, zstd", whole.clone(), 415, "unsupported_encoding"),
        ("nothing in it", "gzip", gzip(b" \n"), 400, "empty_body"),
    ] {
        let answer = send(&app, &token, packing, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{what}: {}", answer.text);
    }
    assert_eq!(send(&app, &token, "gzip", whole).await.json()["accepted"], 1, "nothing of them was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_addresses_take_no_packed_body() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteReferences]).await;
    let feed = packed_as(post("/api/v1/enrichment", "text/csv", gzip(b"cve,epss,percentile\n")), "gzip");
    let answer = app.ask(&token, feed).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported_encoding"), "{}", answer.text);
}
