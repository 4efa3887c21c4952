//! Who may use which address? Every route, every role, every scope; a route that is not listed here fails.

use axum::http::StatusCode;
use server::routes::table::{Access, Asked, ROUTES, Route, Surface};
use service::identity::record::Origin;
use service::identity::role::{Membership, Role};
use service::identity::scope::Scope;
use service::identity::standing::StandingChange;

use crate::support::{Answer, Asker, TestApp, request_of};

const EVERYBODY: &[Role] = Role::ALL;
const TOKEN_MAKERS: &[Role] = &[Role::Owner, Role::Admin, Role::Ciso, Role::Analyst, Role::DrillLead];
/// Whoever reads names.
const NAMES_READERS: &[Role] = TOKEN_MAKERS;
const IMPORTERS: &[Role] = &[Role::Owner, Role::Admin, Role::Analyst];
const WITHDRAWERS: &[Role] = &[Role::Owner, Role::Admin];

/// For each address of the pages: nobody needed (`None`), or the roles that may use it.
const PAGES: &[(Asked, &str, Option<&[Role]>)] = &[
    (Asked::Get, "/", Some(EVERYBODY)),
    (Asked::Get, "/clocks", Some(EVERYBODY)),
    (Asked::Get, "/items", Some(EVERYBODY)),
    (Asked::Get, "/items.csv", Some(EVERYBODY)),
    (Asked::Get, "/items/{id}", Some(EVERYBODY)),
    (Asked::Get, "/explain/{metric}", Some(EVERYBODY)),
    (Asked::Get, "/sources", Some(EVERYBODY)),
    (Asked::Get, "/quality", Some(EVERYBODY)),
    (Asked::Get, "/quality.csv", Some(NAMES_READERS)),
    (Asked::Post, "/quality/act", Some(IMPORTERS)),
    (Asked::Get, "/sources/map/{id}", Some(IMPORTERS)),
    (Asked::Get, "/sources/mapping/{id}", Some(IMPORTERS)),
    (Asked::Get, "/sources/mapping/{id}/{version}", Some(IMPORTERS)),
    (Asked::Post, "/sources/mapping/{id}", Some(WITHDRAWERS)),
    (Asked::Post, "/sources/clock/{id}", Some(WITHDRAWERS)),
    (Asked::Get, "/imports", Some(IMPORTERS)),
    (Asked::Get, "/imports/{id}/quality.csv", Some(IMPORTERS)),
    (Asked::Get, "/imports/{id}/news", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/pause", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/resume", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/cancel", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/accept", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/partial", Some(IMPORTERS)),
    (Asked::Post, "/imports/{id}/withdraw", Some(WITHDRAWERS)),
    (Asked::Post, "/sfn/imports", Some(IMPORTERS)),
    (Asked::Get, "/reports", Some(EVERYBODY)),
    (Asked::Get, "/connect", Some(EVERYBODY)),
    (Asked::Get, "/settings/tokens", Some(TOKEN_MAKERS)),
    (Asked::Get, "/settings/webhooks", Some(WITHDRAWERS)),
    (Asked::Get, "/step-up", Some(EVERYBODY)),
    (Asked::Get, "/sign-in", None),
    (Asked::Get, "/setup/{code}", None),
    (Asked::Get, "/reports/board.pdf", Some(EVERYBODY)),
    (Asked::Get, "/sources/import/{id}/status", Some(IMPORTERS)),
    (Asked::Post, "/sign-in", None),
    (Asked::Post, "/sign-out", None),
    (Asked::Post, "/setup/{code}", None),
    (Asked::Post, "/theme", None),
    (Asked::Post, "/sources/import", Some(IMPORTERS)),
    (Asked::Post, "/sources/map/{id}", Some(IMPORTERS)),
    (Asked::Post, "/sources/quarantine/{id}/release", Some(IMPORTERS)),
    (Asked::Post, "/sources/quarantine/{id}/dismiss", Some(IMPORTERS)),
    (Asked::Post, "/step-up", Some(EVERYBODY)),
    (Asked::Post, "/settings/tokens", Some(TOKEN_MAKERS)),
    (Asked::Post, "/settings/tokens/{id}/revoke", Some(TOKEN_MAKERS)),
    (Asked::Post, "/sfn/tokens", Some(TOKEN_MAKERS)),
    (Asked::Post, "/settings/webhooks", Some(WITHDRAWERS)),
    (Asked::Post, "/settings/webhooks/{source}/rotate", Some(WITHDRAWERS)),
    (Asked::Post, "/settings/webhooks/{source}/retire", Some(WITHDRAWERS)),
    (Asked::Post, "/settings/webhooks/{source}/remove", Some(WITHDRAWERS)),
    (Asked::Post, "/sfn/webhooks", Some(WITHDRAWERS)),
    (Asked::Post, "/sfn/frame", None),
    (Asked::Post, "/sfn/gap", Some(EVERYBODY)),
    (Asked::Post, "/sfn/clocks", Some(EVERYBODY)),
    (Asked::Post, "/sfn/explain", Some(EVERYBODY)),
    (Asked::Post, "/sfn/items", Some(EVERYBODY)),
    (Asked::Post, "/sfn/item", Some(EVERYBODY)),
    (Asked::Post, "/sfn/sources", Some(EVERYBODY)),
    (Asked::Post, "/sfn/quality", Some(EVERYBODY)),
    (Asked::Post, "/sfn/draft", Some(IMPORTERS)),
    (Asked::Post, "/sfn/source-plan", Some(IMPORTERS)),
    (Asked::Post, "/sfn/reports", Some(EVERYBODY)),
    (Asked::Post, "/sfn/connect", Some(EVERYBODY)),
];

/// For each address of programs: the scopes that may use it.
const PROGRAMS: &[(Asked, &str, &[Scope])] = &[
    (Asked::Post, "/api/v1/events", &[Scope::WriteEvents]),
    (Asked::Post, "/api/v1/events/batch", &[Scope::WriteEvents]),
    (Asked::Get, "/api/v1/imports", &[Scope::WriteImports]),
    (Asked::Get, "/api/v1/imports/{id}", &[Scope::WriteImports]),
    (Asked::Get, "/api/v1/imports/{id}/quality", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports/{id}/pause", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports/{id}/resume", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports/{id}/cancel", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports/{id}/accept", &[Scope::WriteImports]),
    (Asked::Post, "/api/v1/imports/{id}/partial", &[Scope::WriteImports]),
    (Asked::Get, "/api/v1/quarantine", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Post, "/api/v1/quarantine/release", &[Scope::WriteQuarantine]),
    (Asked::Post, "/api/v1/quarantine/dismiss", &[Scope::WriteQuarantine]),
    (Asked::Get, "/api/v1/registers", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/registers/{name}", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Put, "/api/v1/registers/{name}", &[Scope::WriteRegisters]),
    (Asked::Post, "/api/v1/drills", &[Scope::WriteDrills]),
    (Asked::Post, "/api/v1/enrichment", &[Scope::WriteReferences]),
    (Asked::Get, "/api/v1/items", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/items/{id}", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/gap", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/clocks", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/analysis", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/metrics", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/metrics/{id}", &[Scope::ReadApi, Scope::ReadBi]),
    (Asked::Get, "/api/v1/version", Scope::ALL),
    (Asked::Any, "/odata", &[Scope::ReadBi]),
    (Asked::Any, "/odata/", &[Scope::ReadBi]),
    (Asked::Any, "/odata/{*path}", &[Scope::ReadBi]),
];

/// Addresses that know their sender by what it sends; `webhooks.rs` tries them.
const PROVED: &[&str] = &["/api/v1/webhooks/in/{source}", "/api/v1/webhooks/in/{source}/{key}"];

/// Addresses that know no caller.
const OPEN: &[&str] = &["/healthz", "/readyz", "/pkg/{*path}", "/favicon.svg", "/robots.txt", "/problems/{code}"];

#[test]
fn every_route_is_listed_here_and_nothing_else() {
    let mut table: Vec<(Asked, &str)> = ROUTES.iter().map(|route| (route.asked, route.path)).collect();
    let mut listed: Vec<(Asked, &str)> = OPEN.iter().map(|path| (Asked::Get, *path)).collect();
    listed.extend(PAGES.iter().map(|(asked, path, _)| (*asked, *path)));
    listed.extend(PROGRAMS.iter().map(|(asked, path, _)| (*asked, *path)));
    listed.extend(PROVED.iter().map(|path| (Asked::Post, *path)));
    table.sort_unstable();
    listed.sort_unstable();
    assert_eq!(table, listed);
}

#[test]
fn only_listed_routes_are_public() {
    for route in ROUTES.iter().filter(|route| route.access == Access::Public) {
        let listed = OPEN.contains(&route.path)
            || PAGES.iter().any(|(asked, path, roles)| *asked == route.asked && *path == route.path && roles.is_none());
        assert!(listed, "{} is public and not listed so", route.path);
    }
}

#[test]
fn only_listed_routes_find_their_sender_themselves() {
    for route in ROUTES {
        let listed = PROVED.contains(&route.path);
        assert_eq!(
            (route.access == Access::Proved, route.surface == Surface::Webhook),
            (listed, listed),
            "{}",
            route.path
        );
    }
}

fn route(asked: Asked, path: &str) -> &'static Route {
    ROUTES.iter().find(|route| route.asked == asked && route.path == path).unwrap()
}

/// Whether a route knows people or programs at all.
fn has_callers(route: &Route) -> bool {
    !matches!(route.surface, Surface::Open | Surface::Webhook)
}

fn is_refused(answer: &Answer) -> bool {
    let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/sign-in?next=");
    let to_sign_in_first = answer.status == StatusCode::SEE_OTHER && answer.header("location") == "/sign-in";
    to_sign_in || to_sign_in_first || matches!(answer.status.as_u16(), 401 | 403)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unknown_gets_past_a_gate() {
    let app = TestApp::new().await;
    let nobody = Asker::anonymous();
    let stranger = Asker { cookie: Some("a".repeat(43)), bearer: Some(format!("wc_abcdefgh_{}", "a".repeat(43))) };
    for asker in [&nobody, &stranger] {
        for route in ROUTES.iter().filter(|route| has_callers(route)) {
            let answer = app.ask(asker, request_of(route)).await;
            let wanted = route.access != Access::Public;
            assert_eq!(is_refused(&answer), wanted, "{:?} {} {}", route.asked, route.path, answer.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_reaches_what_the_table_gives_it_and_nothing_else() {
    let app = TestApp::new().await;
    for role in Role::ALL {
        let asker = app.person(*role).await;
        for (asked, path, roles) in PAGES.iter().filter(|(_, path, _)| *path != "/sign-out") {
            let answer = app.ask(&asker, request_of(route(*asked, path))).await;
            let allowed = roles.is_none_or(|roles| roles.contains(role));
            assert_eq!(!is_refused(&answer), allowed, "{role:?} {asked:?} {path} {} {}", answer.status, answer.text);
        }
        for (asked, path, _) in PROGRAMS {
            let answer = app.ask(&asker, request_of(route(*asked, path))).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} reads no cookie");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_scope_reaches_what_the_table_gives_it_and_nothing_else() {
    let app = TestApp::new().await;
    for scope in Scope::ALL {
        let asker = app.token(&[*scope]).await;
        for (asked, path, scopes) in PROGRAMS {
            let answer = app.ask(&asker, request_of(route(*asked, path))).await;
            assert_eq!(
                !is_refused(&answer),
                scopes.contains(scope),
                "{scope:?} {path} {} {}",
                answer.status,
                answer.text
            );
        }
        for (asked, path, roles) in PAGES.iter().filter(|(_, _, roles)| roles.is_some()) {
            let answer = app.ask(&asker, request_of(route(*asked, path))).await;
            assert!(is_refused(&answer), "{path} reads no token, {roles:?}");
        }
    }
}

/// Every state in which a caller may do nothing, each with a sign-in or a token that was good a moment ago.
async fn callers_who_lost_it(app: &TestApp) -> Vec<(&'static str, Asker)> {
    let mut lost = Vec::new();
    for (state, membership) in [("disabled", Membership::Disabled), ("invited", Membership::Invited)] {
        let email = format!("{state}@example.test");
        app.add(&email, Role::Owner).await;
        let cookie = app.sign_in(&email).await.cookie;
        let bearer = app.token_of(&email, Scope::ALL).await.bearer;
        app.change(&email, StandingChange { membership: Some(membership), ..StandingChange::default() }).await;
        lost.push((state, Asker { cookie, bearer }));
    }
    let identity = &app.state.identity;
    let revoked = app.token(Scope::ALL).await;
    let id = &revoked.bearer.as_ref().unwrap()[3..11];
    identity.revoke_token(&identity.operator(), id, Origin::default()).await.unwrap();
    lost.push(("revoked", revoked));
    let old = Asker { cookie: app.sign_in("owner@example.test").await.cookie, ..app.token(Scope::ALL).await };
    app.clock.advance(90 * 86_400);
    lost.push(("expired", old));
    lost
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_right_gets_past_no_gate() {
    let app = TestApp::new().await;
    app.owner().await;
    for (state, asker) in callers_who_lost_it(&app).await {
        for route in ROUTES.iter().filter(|route| has_callers(route) && route.access != Access::Public) {
            let answer = app.ask(&asker, request_of(route)).await;
            assert!(is_refused(&answer), "{state} {:?} {} {}", route.asked, route.path, answer.status);
        }
    }
}
