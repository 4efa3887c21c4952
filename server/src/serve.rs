//! How do bytes become requests? Our own accept loop: every wait has an end, and every client a share.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::limits::{HEAD_BYTES_MAX, HEADERS_MAX, Limits};

/// Pause after a failed accept: the usual cause is a lack of file handles, which needs a moment.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` resolves, then lets running requests finish within the drain time.
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, stop: impl Future<Output = ()>) -> Drained {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let addresses = Addresses::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = next_connection(&listener, &slots) => accepted,
        };
        let Some((tcp, peer, slot)) = accepted else { continue };
        let Some(place) = addresses.enter(peer.ip(), limits.connections_per_address) else {
            continue;
        };
        let connection = connection(tcp, peer, router.clone(), limits);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            let _held = (slot, place);
            if let Err(error) = watched.await {
                tracing::debug!(event = "connection_ended", reason = %error);
            }
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => Drained::Completely,
        () = tokio::time::sleep(limits.drain) => Drained::TimeUp,
    }
}

/// Whether everybody was served before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Nothing was cut off.
    Completely,
    /// Some requests were still running; they were not acknowledged.
    TimeUp,
}

async fn next_connection(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((tcp, peer)) => Some((tcp, peer, slot)),
        Err(error) => {
            tracing::warn!(event = "accept_failed", reason = %error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

type Io = TokioIo<std::pin::Pin<Box<tokio_io_timeout::TimeoutStream<TcpStream>>>>;

/// HTTP/1.1 alone: version detection has no timer, and HTTP/2 is the proxy's business.
fn connection(
    tcp: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
) -> hyper::server::conn::http1::Connection<Io, Served> {
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(event = "no_delay_refused", reason = %error);
    }
    let mut io = tokio_io_timeout::TimeoutStream::new(tcp);
    io.set_write_timeout(Some(limits.write));
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Box::pin(io)), Served { router, peer })
}

/// The router as one connection sees it: with the address of its peer.
struct Served {
    router: Router,
    peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Served {
    type Response = Response;
    type Error = Infallible;
    type Future = tower::util::Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}

/// How many connections each address holds; an address without any is not remembered.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// A place of one address, given back on drop.
struct Place {
    addresses: Addresses,
    network: IpAddr,
}

impl Addresses {
    fn enter(&self, address: IpAddr, most: usize) -> Option<Place> {
        let network = network_of(address);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { addresses: self.clone(), network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

/// The address that counts: itself, or the /64 of IPv6, which one customer holds as a whole.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_places_back() {
        let addresses = Addresses::default();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        let first = addresses.enter(here, 2).unwrap();
        let _second = addresses.enter(here, 2).unwrap();
        assert!(addresses.enter(here, 2).is_none());
        assert!(addresses.enter("192.0.2.2".parse().unwrap(), 2).is_some());
        drop(first);
        assert!(addresses.enter(here, 2).is_some());
    }

    #[test]
    fn a_long_address_counts_by_its_network() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
    }
}
