//! Can a slow client hold the server? Real sockets, limits of a second; each connection is closed by the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::limits::Limits;
use server::serve::{Drained, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{TestApp, wide_limits};

const SECOND: Duration = Duration::from_secs(1);
/// Far beyond the limits: a read that waits so long means that the server did not close.
const PATIENCE: Duration = Duration::from_secs(20);

fn limits() -> Limits {
    Limits { head: SECOND, write: SECOND, drain: SECOND, body_idle: SECOND, body_whole: SECOND * 2, ..wide_limits() }
}

async fn started(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<Drained>, TestApp) {
    let app = TestApp::with(limits.clone(), None).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = app.router.clone();
    let serving = tokio::spawn(async move {
        serve(listener, router, &limits, async {
            drop(stopped.await);
        })
        .await
    });
    (address, stop, serving, app)
}

/// Sends, and reads until the server closes.
fn talk(address: SocketAddr, sent: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(sent).unwrap();
    let mut text = Vec::new();
    match socket.read_to_end(&mut text) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server did not close: {error}"),
    }
    String::from_utf8_lossy(&text).into_owned()
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
