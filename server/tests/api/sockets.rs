//! The server behind a real socket, and clients that send exact bytes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::limits::Limits;
use server::serve::{Drained, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::TestApp;

/// Far beyond the limits: a read that waits so long means that the server did not close.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn started(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Drained>, TestApp) {
    let app = TestApp::with(limits.clone(), None).await;
    let (address, stop, served) = serving(app.router.clone(), limits).await;
    (address, stop, served, app)
}

pub(crate) async fn serving(
    router: axum::Router,
    limits: Limits,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Drained>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(async move {
        serve(listener, router, &limits, async {
            drop(stopped.await);
        })
        .await
    });
    (address, stop, served)
}

/// Sends, and reads until the server closes.
pub(crate) fn talk(address: SocketAddr, sent: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that has heard enough closes before everything is sent; what it answered is there all the same.
    drop(socket.write_all(sent));
    let mut text = Vec::new();
    match socket.read_to_end(&mut text) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server did not close: {error}"),
    }
    String::from_utf8_lossy(&text).into_owned()
}
