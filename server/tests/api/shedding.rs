//! What happens to a request for which there is no place? It is told at once, and other classes do not notice.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, on};
use server::limits::{Class, Limits};
use server::routes::table::{Name, ROUTES, Route};
use server::state::ServerState;
use service::identity::scope::Scope;
use tower::ServiceExt;

use crate::support::{Asker, TestApp, method_of, request_of, wide_limits};

/// Requests that reached a handler since the last class.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

async fn hangs() -> StatusCode {
    RUNNING.fetch_add(1, Ordering::SeqCst);
    std::future::pending().await
}

/// Work that never ends, beside the two answers for balancers.
fn hanging(route: &Route, _: &ServerState) -> MethodRouter<ServerState> {
    if route.name == Name::Healthz {
        return get(server::health::healthz);
    }
    if route.name == Name::Readyz {
        return get(server::health::readyz);
    }
    on(method_of(route), hangs)
}

fn route_of(class: Class) -> &'static Route {
    ROUTES.iter().find(|route| route.class == class).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_class_refuses_beyond_its_places_and_gives_them_back() {
    let app = TestApp::around(wide_limits(), hanging).await;
    let asker = app.everything().await;
    for class in Class::SHARED {
        let route = route_of(class);
        let running: Vec<_> = (0..class.places())
            .map(|_| {
                let mut request = request_of(route);
                asker.introduce(request.headers_mut());
                tokio::spawn(app.router.clone().oneshot(request))
            })
            .collect();
        while RUNNING.load(Ordering::SeqCst) < class.places() {
            tokio::task::yield_now().await;
        }
        RUNNING.store(0, Ordering::SeqCst);
        let refused = app.ask(&asker, request_of(route)).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{class:?} {}", refused.text);
        assert!(refused.text.contains("busy"), "{class:?} {}", refused.text);
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1), "{class:?}");
        for other in Class::SHARED.into_iter().filter(|other| *other != class) {
            assert!(app.state.places.take(other).is_some(), "{class:?} took a place of {other:?}");
        }
        for path in ["/healthz", "/readyz"] {
            assert_eq!(app.get(&asker, path).await.status, StatusCode::OK, "{path} beside {class:?}");
        }
        for request in running {
            request.abort();
        }
        while app.state.places.take(class).is_none() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let few = (0.0, 3.0);
    let limits = Limits { anonymous_rate: few, person_rate: few, token_rate: few, ..wide_limits() };
    let app = TestApp::with(limits, None).await;
    let owner = app.owner().await;
    let token = app.token(&[Scope::ReadApi]).await;
    for (asker, path) in [(&owner, "/connect"), (&token, "/api/v1/version")] {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(app.get(asker, path).await.status);
        }
        assert_eq!(statuses, [StatusCode::OK; 3], "{path}");
        let refused = app.get(asker, path).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            "{path}"
        );
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1));
    }
    // The sign-in above took the first of the three turns of this address.
    let nobody = Asker::anonymous();
    for _ in 0..2 {
        assert_eq!(app.get(&nobody, "/sign-in").await.status, StatusCode::OK);
    }
    assert_eq!(app.get(&nobody, "/sign-in").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.get(&nobody, "/healthz").await.status, StatusCode::OK, "balancers are never turned away");
}
