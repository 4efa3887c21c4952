//! Can a slow client hold the server? Real sockets, limits of a second; each connection is closed by the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use axum::routing::get;
use server::limits::Limits;
use server::serve::Drained;

use crate::sockets::{PATIENCE, serving, started, talk};
use crate::support::wide_limits;

const SECOND: Duration = Duration::from_secs(1);
/// Between two bytes of a client that trickles: always something, never enough.
const PACE: Duration = Duration::from_millis(100);
/// More than the buffers of both ends of a socket hold.
const LARGE: usize = 64 * 1024 * 1024;

fn limits() -> Limits {
    Limits { head: SECOND, write: SECOND, drain: SECOND, body_idle: SECOND, body_whole: SECOND * 2, ..wide_limits() }
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_half_and_trickling_clients_are_closed() {
    let (address, stop, serving, _app) = started(limits()).await;
    let half_body: &[u8] =
        b"POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1:3000\r\ncontent-type: application/x-www-form-urlencoded\r\n\
        content-length: 100\r\n\r\nemail=";
    let clients: [&[u8]; 4] = [b"", b"PRI * HTTP/2.0\r\n\r\nSM", b"GET / HTTP/1.1\r\nhost: 127", half_body];
    let talks = clients.map(|sent| tokio::task::spawn_blocking(move || talk(address, sent)));
    let mut answers = Vec::new();
    for talk in talks {
        answers.push(talk.await.unwrap());
    }
    assert!(answers[3].starts_with("HTTP/1.1 408"), "{}", answers[3]);
    stop.send(()).unwrap();
    assert_eq!(serving.await.unwrap(), Drained::Completely);
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_and_addresses_beyond_their_bounds_are_refused() {
    let (address, stop, serving, _app) = started(limits()).await;
    let many: String = (0..101).map(|number| format!("x-{number}: a\r\n")).collect();
    let ask = |sent: String| tokio::task::spawn_blocking(move || talk(address, sent.as_bytes()));
    let headers = ask(format!("GET / HTTP/1.1\r\nhost: 127.0.0.1:3000\r\n{many}\r\n")).await.unwrap();
    assert!(headers.starts_with("HTTP/1.1 431"), "{headers}");
    let long = "a".repeat(33 * 1024);
    let uri = ask(format!("GET /{long} HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nconnection: close\r\n\r\n")).await.unwrap();
    assert!(uri.starts_with("HTTP/1.1 414"), "{}", &uri[..100.min(uri.len())]);
    let announced = "POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1:3000\r\ncontent-length: 2147483648\r\n\r\n";
    let large = ask(announced.to_owned()).await.unwrap();
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_only_its_share() {
    let (address, stop, serving, _app) =
        started(Limits { connections_per_address: 2, head: PATIENCE, ..limits() }).await;
    let held = [TcpStream::connect(address).unwrap(), TcpStream::connect(address).unwrap()];
    let ask = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    for socket in &held {
        let mut socket = socket;
        socket.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut first = [0_u8; 12];
        socket.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
    }
    let third = tokio::task::spawn_blocking(move || talk(address, ask.as_bytes())).await.unwrap();
    assert_eq!(third, "", "a third connection is closed without an answer");
    drop(held);
    stop.send(()).unwrap();
    serving.await.unwrap();
}

/// Sends the beginning, then one byte after another until the server closes; what it answered.
fn trickle(address: SocketAddr, beginning: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(beginning).unwrap();
    let mut writing = socket.try_clone().unwrap();
    let (stop, stopped) = channel::<()>();
    let writer = std::thread::spawn(move || {
        while stopped.recv_timeout(PACE) == Err(RecvTimeoutError::Timeout) && writing.write_all(b"a").is_ok() {}
    });
    let mut answer = Vec::new();
    match socket.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server did not close: {error}"),
    }
    drop(stop);
    writer.join().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_always_send_a_little_are_closed_too() {
    let (address, stop, served, _app) = started(limits()).await;
    let head =
        tokio::task::spawn_blocking(move || trickle(address, b"GET / HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nx-a: "));
    let body = tokio::task::spawn_blocking(move || {
        trickle(
            address,
            b"POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1:3000\r\ncontent-type: application/x-www-form-urlencoded\r\n\
            content-length: 4000\r\n\r\nemail=",
        )
    });
    let (head, body) = (head.await.unwrap(), body.await.unwrap());
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    assert!(body.starts_with("HTTP/1.1 408") && body.contains("body_timeout"), "{body}");
    stop.send(()).unwrap();
    assert_eq!(served.await.unwrap(), Drained::Completely);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stops_reading_is_let_go() {
    let limits = Limits { drain: PATIENCE, ..limits() };
    let router = axum::Router::new().route("/", get(async || vec![0_u8; LARGE]));
    let (address, stop, served) = serving(router, limits).await;
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0_u8; 12];
    socket.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stop.send(()).unwrap();
    // The drain would wait far longer than a write may: only letting the client go ends it in time.
    assert_eq!(served.await.unwrap(), Drained::Completely);
    drop(socket);
}
