//! Does an address that means something else to somebody else get anywhere? In this process and through a real socket.

use std::time::Duration;

use axum::http::StatusCode;
use serde::Deserialize;
use server::limits::Limits;

use crate::sockets::{started, talk};
use crate::support::{TestApp, get, wide_limits};

#[derive(Deserialize)]
struct Paths {
    /// Refused by us, however they come.
    everywhere: Vec<String>,
    /// No client library sends them; a socket can.
    sockets: Vec<String>,
}

fn paths() -> Paths {
    serde_json::from_str(include_str!("../bad_input/paths.json")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_such_address_reaches_a_route() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let paths = paths().everywhere;
    assert!(paths.len() >= 60, "{}", paths.len());
    for path in paths {
        for address in [path.clone(), format!("{path}?a=b")] {
            let answer = app.ask(&owner, get(&address)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
            assert!(answer.text.contains("\"bad_path\""), "{address}: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_such_address_gets_through_a_socket() {
    let (address, stop, served, _app) = started(wide_limits()).await;
    let Paths { everywhere, sockets } = paths();
    let asked = tokio::task::spawn_blocking(move || {
        for path in everywhere.iter().chain(&sockets) {
            let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nconnection: close\r\n\r\n");
            let answer = talk(address, request.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 400"), "{path:?}: {answer}");
        }
    });
    asked.await.unwrap();
    stop.send(()).unwrap();
    served.await.unwrap();
}

/// What comes over the wire, and how its answer begins.
const WIRE: &[(&str, &str, &str)] = &[
    (
        "two lengths",
        "POST /sign-in HTTP/1.1\r\nHOST\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc",
        "HTTP/1.1 400",
    ),
    (
        "a chunk without a length",
        "POST /sign-in HTTP/1.1\r\nHOST\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 400",
    ),
    ("an unknown framing", "POST /sign-in HTTP/1.1\r\nHOST\r\ntransfer-encoding: gzip\r\n\r\n", "HTTP/1.1 400"),
    ("a length that is none", "POST /sign-in HTTP/1.1\r\nHOST\r\ncontent-length: -1\r\n\r\n", "HTTP/1.1 400"),
    ("a folded header", "GET /sign-in HTTP/1.1\r\nHOST\r\nx-a: b\r\n c\r\n\r\n", "HTTP/1.1 400"),
    ("a NUL in a header", "GET /sign-in HTTP/1.1\r\nHOST\r\nx-a: b\0c\r\n\r\n", "HTTP/1.1 400"),
    ("a space before the colon", "GET /sign-in HTTP/1.1\r\nHOST\r\nx-a : b\r\n\r\n", "HTTP/1.1 400"),
    ("another version", "GET /sign-in HTTP/9.9\r\nHOST\r\n\r\n", "HTTP/1.1 400"),
    (
        "another host in the address",
        "GET http://evil.example/ HTTP/1.1\r\nHOST\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 421",
    ),
    ("a word instead of an address", "GET items HTTP/1.1\r\nHOST\r\nconnection: close\r\n\r\n", "HTTP/1.1 421"),
    ("no host", "GET /sign-in HTTP/1.1\r\nconnection: close\r\n\r\n", "HTTP/1.1 421"),
    ("two hosts", "GET /sign-in HTTP/1.1\r\nHOST\r\nhost: evil.example\r\nconnection: close\r\n\r\n", "HTTP/1.1 421"),
    ("a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHOST\r\nconnection: close\r\n\r\n", "HTTP/1.1 405"),
    ("a trace", "TRACE /sign-in HTTP/1.1\r\nHOST\r\nconnection: close\r\n\r\n", "HTTP/1.1 405"),
    ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400"),
];

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_two_readers_would_read_differently_are_refused_and_closed() {
    let second = Duration::from_secs(1);
    let limits = Limits { head: second, body_idle: second, ..wide_limits() };
    let (address, stop, served, _app) = started(limits).await;
    let asked = tokio::task::spawn_blocking(move || {
        for (what, sent, wanted) in WIRE {
            let sent = sent.replace("HOST", "host: 127.0.0.1:3000");
            let answer = talk(address, sent.as_bytes());
            assert!(answer.starts_with(wanted), "{what}: {answer}");
        }
        for (bytes, wanted) in
            [(60, "HTTP/1.1 200"), (64, "HTTP/1.1 431"), (100, "HTTP/1.1 431"), (2_000, "HTTP/1.1 431")]
        {
            let filler = "a".repeat(bytes * 1024);
            let head = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-a: {filler}\r\n\r\n");
            let answer = talk(address, head.as_bytes());
            assert!(answer.starts_with(wanted), "a head of {bytes} KiB: {answer}");
        }
    });
    asked.await.unwrap();
    stop.send(()).unwrap();
    served.await.unwrap();
}
