//! One server in this process, and typed callers that ask it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::routing::MethodFilter;
use domain::id::OrgId;
use domain::policy::Policy;
use domain::time::Timestamp;
use server::clock::Clock;
use server::config::{Settings, Wishes};
use server::limits::Limits;
use server::renderer::Renderer;
use server::routes::build::{Handlers, router, router_with};
use server::routes::table::{Asked, Route, Surface};
use server::state::ServerState;
use service::identity::Identity;
use service::identity::caller::Names;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::Role;
use service::identity::scope::Scope;
use service::identity::secret::Secret;
use service::identity::standing::StandingChange;
use service::identity::tokens::TokenToMake;
use service::limits::IngestLimits;
use service::{Services, ServicesOptions};
use store::{Database, StoreOptions};
use tower::ServiceExt;

use crate::postgres::empty_schema;

pub(crate) const ORG: OrgId = OrgId::from_row(1);
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const HOST: &str = "127.0.0.1:3000";
/// 2026-07-01T00:00:00Z
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_782_864_000);

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("api-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The address of an empty schema in the PostgreSQL of the test run.
pub(crate) fn postgres_url() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    empty_schema(&format!("api{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// A server without a socket.
pub(crate) struct TestApp {
    pub(crate) router: Router,
    pub(crate) state: ServerState,
    pub(crate) clock: Clock,
    pub(crate) folder: Folder,
    store: StoreOptions,
    fuse: Arc<AtomicBool>,
}

/// What a panic says in these tests: everything that no answer may say.
pub(crate) const INSIDES: &str =
    "panicked in src/store.rs: SELECT * FROM secrets at postgres://wall:hunter2@db by sqlx";

fn with_fuse(clock: &Clock, fuse: &Arc<AtomicBool>) -> service::Clock {
    let (clock, fuse) = (clock.clone(), fuse.clone());
    Arc::new(move || {
        assert!(!fuse.load(Ordering::SeqCst), "{INSIDES}");
        clock.now()
    })
}

/// What a test asks of its server beside the usual.
#[derive(Default)]
struct Special {
    postgres: Option<String>,
    handlers: Option<Handlers>,
    proxies: Option<String>,
    log_limits: IngestLimits,
}

/// Limits that no test of something else runs into.
pub(crate) fn wide_limits() -> Limits {
    let wide = (f64::INFINITY, f64::INFINITY);
    Limits { anonymous_rate: wide, person_rate: wide, token_rate: wide, ..Limits::default() }
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(wide_limits(), None).await
    }

    pub(crate) async fn on_postgres() -> Self {
        Self::with(wide_limits(), Some(postgres_url())).await
    }

    pub(crate) async fn with(limits: Limits, postgres: Option<String>) -> Self {
        Self::open(limits, Special { postgres, ..Special::default() }).await
    }

    /// A server whose log has other limits.
    pub(crate) async fn within(limits: Limits, log_limits: IngestLimits, postgres: Option<String>) -> Self {
        Self::open(limits, Special { postgres, log_limits, ..Special::default() }).await
    }

    /// A server that believes these proxies.
    pub(crate) async fn behind(limits: Limits, proxies: Option<&str>) -> Self {
        Self::open(limits, Special { proxies: proxies.map(str::to_owned), ..Special::default() }).await
    }

    /// The same gates around handlers of the test.
    pub(crate) async fn around(limits: Limits, handlers: Handlers) -> Self {
        Self::open(limits, Special { handlers: Some(handlers), ..Special::default() }).await
    }

    async fn open(limits: Limits, special: Special) -> Self {
        let folder = Folder::new();
        let database = match special.postgres.clone() {
            Some(url) => Database::Postgres(url),
            None => Database::Sqlite(folder.path().to_owned()),
        };
        Self::open_over(limits, StoreOptions::new(database), folder, special).await
    }

    /// The same database under a new process, as far as one process can be two.
    pub(crate) async fn restarted(self) -> Self {
        let Self { router, state, folder, store, .. } = self;
        state.services.store().close().await;
        drop((router, state));
        Self::open_over(wide_limits(), store, folder, Special::default()).await
    }

    async fn open_over(limits: Limits, store: StoreOptions, folder: Folder, special: Special) -> Self {
        let clock = Clock::held(NOW);
        let options = ServicesOptions {
            store: store.clone(),
            data_dir: folder.path().to_owned(),
            policy: Policy::built_in().unwrap(),
        };
        let fuse = Arc::new(AtomicBool::new(false));
        let clock_of_services = with_fuse(&clock, &fuse);
        let services = Services::open_within(options, clock_of_services, special.log_limits).await.unwrap();
        let identity = Identity::new(services.store().clone(), ORG, clock.handle());
        let wishes = Wishes { listen: HOST.to_owned(), trusted_proxies: special.proxies, ..Wishes::default() };
        let settings = Settings::read(&wishes).unwrap();
        let renderer = Renderer::with(PathBuf::from(env!("CARGO_BIN_EXE_wallclock")), limits.render_work);
        let state = ServerState::new(services, identity, settings, limits, clock.clone(), renderer).unwrap();
        let router = special.handlers.map_or_else(|| router(&state), |handlers| router_with(&state, handlers)).unwrap();
        Self { router, state, clock, folder, store, fuse }
    }

    /// From now on whatever the services are asked panics.
    pub(crate) fn blow(&self) {
        self.fuse.store(true, Ordering::SeqCst);
    }

    pub(crate) async fn add(&self, email: &str, role: Role) {
        let person = PersonToAdd {
            email: email.to_owned(),
            name: String::new(),
            password: Secret::new(PASSWORD.to_owned()),
            role,
        };
        let identity = &self.state.identity;
        identity.add_person(&identity.operator(), person, Origin::default()).await.unwrap();
    }

    /// Somebody of that role who is signed in.
    pub(crate) async fn person(&self, role: Role) -> Asker {
        let email = format!("{}@example.test", role.as_str());
        self.add(&email, role).await;
        self.sign_in(&email).await
    }

    pub(crate) async fn owner(&self) -> Asker {
        self.person(Role::Owner).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Asker {
        let body = format!("email={email}&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.ask(&Asker::default(), form("/sign-in", &body)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        Asker { cookie: Some(answer.session().expect("a sign-in sets a cookie")), ..Asker::default() }
    }

    /// A program with a token of the operator.
    pub(crate) async fn token(&self, scopes: &[Scope]) -> Asker {
        self.token_with(scopes, Names::Shown).await
    }

    pub(crate) async fn token_with(&self, scopes: &[Scope], names: Names) -> Asker {
        let identity = &self.state.identity;
        let wanted = TokenToMake {
            name: "test".to_owned(),
            scopes: scopes.to_vec(),
            sources: Vec::new(),
            names,
            days: 90,
            public_id: None,
        };
        let token = identity.add_token(&identity.operator(), wanted, Origin::default()).await.unwrap();
        Asker { bearer: Some(token.expose().clone()), ..Asker::default() }
    }

    /// An owner and a program that may do everything, known to the service alone: no handler is asked for it.
    pub(crate) async fn everything(&self) -> Asker {
        self.add("owner@example.test", Role::Owner).await;
        let password = Secret::new(PASSWORD.to_owned());
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        let key = self.state.identity.sign_in("owner@example.test", password, here, Origin::default()).await.unwrap();
        Asker { cookie: Some(key.expose().clone()), ..self.token(Scope::ALL).await }
    }

    /// A token that a person made.
    pub(crate) async fn token_of(&self, email: &str, scopes: &[Scope]) -> Asker {
        self.token_of_with(email, scopes, Names::Masked).await
    }

    pub(crate) async fn token_of_with(&self, email: &str, scopes: &[Scope], names: Names) -> Asker {
        let identity = &self.state.identity;
        let key = self.sign_in(email).await.cookie.unwrap();
        let caller = identity.who(&key).await.unwrap().unwrap().caller;
        let wanted = TokenToMake {
            name: "own".to_owned(),
            scopes: scopes.to_vec(),
            sources: Vec::new(),
            names,
            days: 90,
            public_id: None,
        };
        let token = identity.add_token(&caller, wanted, Origin::default()).await.unwrap();
        Asker { bearer: Some(token.expose().clone()), ..Asker::default() }
    }

    /// The operator changes what a person holds.
    pub(crate) async fn change(&self, email: &str, change: StandingChange) {
        let identity = &self.state.identity;
        identity.change_standing(&identity.operator(), email, change, Origin::default()).await.unwrap();
    }

    pub(crate) async fn ask(&self, asker: &Asker, request: Request<Body>) -> Answer {
        let mut request = request;
        asker.introduce(request.headers_mut());
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, asker: &Asker, path: &str) -> Answer {
        self.ask(asker, get(path)).await
    }
}

/// How a caller shows who it is.
#[derive(Clone, Default)]
pub(crate) struct Asker {
    pub(crate) cookie: Option<String>,
    pub(crate) bearer: Option<String>,
}

impl Asker {
    pub(crate) fn anonymous() -> Self {
        Self::default()
    }

    pub(crate) fn introduce(&self, headers: &mut HeaderMap) {
        if let Some(cookie) = &self.cookie {
            headers.insert("cookie", format!("wc-local={cookie}").parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
    }
}

/// How a route is asked, for handlers of a test.
pub(crate) fn method_of(route: &Route) -> MethodFilter {
    match route.asked {
        Asked::Get | Asked::Any => MethodFilter::GET,
        Asked::Post => MethodFilter::POST,
        Asked::Put => MethodFilter::PUT,
    }
}

/// What a browser sends when a reader follows a link or sends a form.
pub(crate) fn by_browser(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("accept", "text/html,application/xhtml+xml,*/*;q=0.8".parse().unwrap());
    request
}

/// A request that reaches the handler of a route, whatever it then says.
pub(crate) fn request_of(route: &Route) -> Request<Body> {
    let path = route
        .path
        .replace("{id}", "1")
        .replace("{version}", "1")
        .replace("{code}", "x")
        .replace("{name}", "people")
        .replace("{*path}", "$metadata");
    let path = path.replace("{source}", "nobody").replace("{key}", "none");
    match route.asked {
        Asked::Get | Asked::Any => get(&path),
        Asked::Post if route.surface == Surface::Api => post(&path, "application/json", "{}"),
        Asked::Put => put(&path, "application/json", "{}"),
        Asked::Post => form(&path, "query="),
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::builder().uri(path).header("host", HOST).body(Body::empty()).unwrap()
}

pub(crate) fn post(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri(path).header("host", HOST);
    request.header("content-type", kind).body(body.into()).unwrap()
}

pub(crate) fn put(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(Method::PUT).uri(path).header("host", HOST);
    request.header("content-type", kind).body(body.into()).unwrap()
}

pub(crate) fn form(path: &str, body: &str) -> Request<Body> {
    post(path, "application/x-www-form-urlencoded", body.to_owned())
}

/// What came back, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn of(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The key in the cookie that this answer sets.
    pub(crate) fn session(&self) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let mut keys = cookies.filter_map(|cookie| cookie.strip_prefix("wc-local=")?.split(';').next());
        keys.next().filter(|key| !key.is_empty()).map(str::to_owned)
    }
}

pub(crate) const EVENT: &str = r#"{"id":"e1","item_id":"CVE-1@host","event":"detected","at":"2026-03-01T10:00:00Z"}"#;
