//! Which addresses are there, and who may use them? The one table the router is built from: an address outside it
//! does not exist, and an entry cannot be written without saying who may use it.

use service::authorise::Permission;

use crate::limits::{
    Class, DECISION_BYTES_MAX, EVENTS_BYTES_MAX, FEED_BYTES_MAX, FUNCTION_BYTES_MAX, NO_BODY_BYTES_MAX,
    SIGN_IN_BYTES_MAX, UPLOAD_BYTES_MAX, WEBHOOK_BYTES_MAX,
};

/// How a route is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// GET and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// Every method.
    Any,
}

/// Through which door a route is reached: it decides how callers show who they are and how refusals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// No caller: health, assets, what a problem means.
    Open,
    /// Browsers with the sign-in cookie.
    Page,
    /// Server functions of the pages: the same cookie, no redirect.
    Function,
    /// Programs with a token.
    Api,
    /// Tools that send by themselves and prove it by what they send.
    Webhook,
    /// BI tools with a token.
    OData,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, known or not.
    Public,
    /// Whoever is signed in; the words on the page depend on the role, the page does not.
    SignedIn,
    /// Whoever proves to be the sender, which the handler finds out of the body.
    Proved,
    /// Whoever holds this permission.
    Needs(Permission),
}

/// What answers a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Healthz,
    Readyz,
    Asset,
    ProblemPage,
    Page,
    SetupPage,
    Function,
    SignIn,
    SignOut,
    StepUp,
    TokenMake,
    TokenRevoke,
    WebhookMake,
    WebhookRotate,
    WebhookRetire,
    WebhookRemove,
    Setup,
    Theme,
    ImportUpload,
    ImportStatus,
    ImportNews,
    ImportPause,
    ImportResume,
    ImportCancel,
    ImportAccept,
    ImportPartial,
    ImportWithdraw,
    ImportQualityCsv,
    DraftAct,
    PlanAct,
    ClockAct,
    PlanFile,
    QuarantineRelease,
    QuarantineDismiss,
    QuarantineAct,
    QualityCsv,
    BoardPdf,
    ItemsCsv,
    Version,
    Events,
    EventsBatch,
    ImportList,
    ImportOne,
    ImportQuality,
    ImportSend,
    ImportApiPause,
    ImportApiResume,
    ImportApiCancel,
    ImportApiAccept,
    ImportApiPartial,
    HeldList,
    HeldRelease,
    HeldDismiss,
    WebhookIn,
    Items,
    Item,
    Gap,
    Clocks,
    Analysis,
    Metrics,
    Metric,
    Registers,
    Register,
    RegisterPut,
    Drills,
    Enrichment,
    OData,
}

/// One address.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub asked: Asked,
    pub path: &'static str,
    pub surface: Surface,
    pub access: Access,
    pub body_max: u64,
    pub class: Class,
    pub name: Name,
}

const fn open(path: &'static str, name: Name) -> Route {
    Route {
        asked: Asked::Get,
        path,
        surface: Surface::Open,
        access: Access::Public,
        body_max: NO_BODY_BYTES_MAX,
        class: Class::Health,
        name,
    }
}

const fn page(path: &'static str, access: Access) -> Route {
    Route {
        asked: Asked::Get,
        path,
        surface: Surface::Page,
        access,
        body_max: NO_BODY_BYTES_MAX,
        class: Class::Read,
        name: Name::Page,
    }
}

const fn form(path: &'static str, access: Access, class: Class, body_max: u64, name: Name) -> Route {
    Route { asked: Asked::Post, path, surface: Surface::Page, access, body_max, class, name }
}

const fn function(path: &'static str, access: Access) -> Route {
    Route {
        asked: Asked::Post,
        path,
        surface: Surface::Function,
        access,
        body_max: FUNCTION_BYTES_MAX,
        class: Class::Read,
        name: Name::Function,
    }
}

const fn api(path: &'static str, permission: Permission, name: Name) -> Route {
    Route {
        asked: Asked::Get,
        path,
        surface: Surface::Api,
        access: Access::Needs(permission),
        body_max: NO_BODY_BYTES_MAX,
        class: Class::Read,
        name,
    }
}

/// What a program does about a file; it may take as long as the file is.
const fn act(path: &'static str, name: Name) -> Route {
    Route { asked: Asked::Post, class: Class::Upload, ..api(path, Permission::ImportsWrite, name) }
}

/// What a program decides about held lines; it may take as long as they are many.
const fn decision(path: &'static str, name: Name) -> Route {
    let route = api(path, Permission::QuarantineWork, name);
    Route { asked: Asked::Post, class: Class::Upload, body_max: DECISION_BYTES_MAX, ..route }
}

/// All methods: the feed says itself which it takes.
const fn feed(path: &'static str) -> Route {
    Route {
        asked: Asked::Any,
        path,
        surface: Surface::OData,
        access: Access::Needs(Permission::ExportsRead),
        body_max: NO_BODY_BYTES_MAX,
        class: Class::Export,
        name: Name::OData,
    }
}

/// Where a tool sends by itself.
const fn webhook(path: &'static str) -> Route {
    Route {
        asked: Asked::Post,
        path,
        surface: Surface::Webhook,
        access: Access::Proved,
        body_max: WEBHOOK_BYTES_MAX,
        class: Class::Ingest,
        name: Name::WebhookIn,
    }
}

const FIGURES: Access = Access::Needs(Permission::FiguresRead);
const ITEMS: Access = Access::Needs(Permission::ItemsRead);

const IMPORTS: Access = Access::Needs(Permission::ImportsWrite);
const OWN_TOKENS: Access = Access::Needs(Permission::TokensOwn);
const SOURCES: Access = Access::Needs(Permission::SourcesWrite);

/// Every address of the server.
pub const ROUTES: &[Route] = &[
    open("/healthz", Name::Healthz),
    open("/readyz", Name::Readyz),
    open("/pkg/{*path}", Name::Asset),
    open("/favicon.svg", Name::Asset),
    open("/robots.txt", Name::Asset),
    open("/problems/{code}", Name::ProblemPage),
    page("/", FIGURES),
    page("/clocks", FIGURES),
    page("/items", ITEMS),
    page("/items/{id}", ITEMS),
    page("/explain/{metric}", FIGURES),
    page("/sources", ITEMS),
    page("/imports", IMPORTS),
    page("/quality", ITEMS),
    page("/sources/map/{id}", Access::Needs(Permission::ImportsWrite)),
    page("/sources/mapping/{id}", IMPORTS),
    Route { name: Name::PlanFile, ..page("/sources/mapping/{id}/{version}", IMPORTS) },
    page("/reports", Access::Needs(Permission::ReportsRead)),
    page("/connect", Access::SignedIn),
    page("/settings/tokens", OWN_TOKENS),
    page("/settings/webhooks", SOURCES),
    page("/step-up", Access::SignedIn),
    page("/sign-in", Access::Public),
    Route { name: Name::SetupPage, class: Class::SignIn, ..page("/setup/{code}", Access::Public) },
    Route {
        name: Name::QualityCsv,
        class: Class::Export,
        ..page("/quality.csv", Access::Needs(Permission::NamesRead))
    },
    Route { name: Name::ItemsCsv, class: Class::Export, ..page("/items.csv", ITEMS) },
    Route {
        name: Name::BoardPdf,
        class: Class::Render,
        ..page("/reports/board.pdf", Access::Needs(Permission::ReportsRead))
    },
    Route { name: Name::ImportStatus, ..page("/sources/import/{id}/status", Access::Needs(Permission::ImportsWrite)) },
    Route { name: Name::ImportNews, ..page("/imports/{id}/news", IMPORTS) },
    Route { name: Name::ImportQualityCsv, class: Class::Export, ..page("/imports/{id}/quality.csv", IMPORTS) },
    form("/imports/{id}/pause", IMPORTS, Class::Read, SIGN_IN_BYTES_MAX, Name::ImportPause),
    form("/imports/{id}/resume", IMPORTS, Class::Read, SIGN_IN_BYTES_MAX, Name::ImportResume),
    form("/imports/{id}/cancel", IMPORTS, Class::Read, SIGN_IN_BYTES_MAX, Name::ImportCancel),
    form("/imports/{id}/accept", IMPORTS, Class::Read, SIGN_IN_BYTES_MAX, Name::ImportAccept),
    form("/imports/{id}/partial", IMPORTS, Class::Read, SIGN_IN_BYTES_MAX, Name::ImportPartial),
    form(
        "/imports/{id}/withdraw",
        Access::Needs(Permission::ImportsWithdraw),
        Class::Read,
        SIGN_IN_BYTES_MAX,
        Name::ImportWithdraw,
    ),
    form("/sign-in", Access::Public, Class::SignIn, SIGN_IN_BYTES_MAX, Name::SignIn),
    form("/sign-out", Access::Public, Class::Read, SIGN_IN_BYTES_MAX, Name::SignOut),
    form("/step-up", Access::SignedIn, Class::SignIn, SIGN_IN_BYTES_MAX, Name::StepUp),
    form("/settings/tokens", OWN_TOKENS, Class::Read, SIGN_IN_BYTES_MAX, Name::TokenMake),
    form("/settings/tokens/{id}/revoke", OWN_TOKENS, Class::Read, SIGN_IN_BYTES_MAX, Name::TokenRevoke),
    form("/settings/webhooks", SOURCES, Class::Read, SIGN_IN_BYTES_MAX, Name::WebhookMake),
    form("/settings/webhooks/{source}/rotate", SOURCES, Class::Read, SIGN_IN_BYTES_MAX, Name::WebhookRotate),
    form("/settings/webhooks/{source}/retire", SOURCES, Class::Read, SIGN_IN_BYTES_MAX, Name::WebhookRetire),
    form("/settings/webhooks/{source}/remove", SOURCES, Class::Read, SIGN_IN_BYTES_MAX, Name::WebhookRemove),
    form("/setup/{code}", Access::Public, Class::SignIn, SIGN_IN_BYTES_MAX, Name::Setup),
    form("/theme", Access::Public, Class::Read, SIGN_IN_BYTES_MAX, Name::Theme),
    form(
        "/sources/import",
        Access::Needs(Permission::ImportsWrite),
        Class::Upload,
        UPLOAD_BYTES_MAX,
        Name::ImportUpload,
    ),
    form(
        "/sources/map/{id}",
        Access::Needs(Permission::ImportsWrite),
        Class::Ingest,
        FUNCTION_BYTES_MAX,
        Name::DraftAct,
    ),
    form("/sources/clock/{id}", SOURCES, Class::Read, FUNCTION_BYTES_MAX, Name::ClockAct),
    form(
        "/sources/mapping/{id}",
        Access::Needs(Permission::SourcesWrite),
        Class::Read,
        FUNCTION_BYTES_MAX,
        Name::PlanAct,
    ),
    form(
        "/sources/quarantine/{id}/release",
        Access::Needs(Permission::QuarantineWork),
        Class::Read,
        FUNCTION_BYTES_MAX,
        Name::QuarantineRelease,
    ),
    form(
        "/quality/act",
        Access::Needs(Permission::QuarantineWork),
        Class::Read,
        SIGN_IN_BYTES_MAX,
        Name::QuarantineAct,
    ),
    form(
        "/sources/quarantine/{id}/dismiss",
        Access::Needs(Permission::QuarantineWork),
        Class::Read,
        SIGN_IN_BYTES_MAX,
        Name::QuarantineDismiss,
    ),
    function("/sfn/frame", Access::Public),
    function("/sfn/gap", FIGURES),
    function("/sfn/clocks", FIGURES),
    function("/sfn/explain", FIGURES),
    function("/sfn/items", ITEMS),
    function("/sfn/item", ITEMS),
    function("/sfn/sources", ITEMS),
    function("/sfn/imports", IMPORTS),
    function("/sfn/quality", ITEMS),
    function("/sfn/draft", Access::Needs(Permission::ImportsWrite)),
    function("/sfn/source-plan", IMPORTS),
    function("/sfn/reports", Access::Needs(Permission::ReportsRead)),
    function("/sfn/connect", Access::SignedIn),
    function("/sfn/tokens", OWN_TOKENS),
    function("/sfn/webhooks", SOURCES),
    Route {
        asked: Asked::Post,
        class: Class::Ingest,
        body_max: EVENTS_BYTES_MAX,
        ..api("/api/v1/events", Permission::EventsWrite, Name::Events)
    },
    Route {
        asked: Asked::Post,
        class: Class::Ingest,
        body_max: EVENTS_BYTES_MAX,
        ..api("/api/v1/events/batch", Permission::EventsWrite, Name::EventsBatch)
    },
    api("/api/v1/imports", Permission::ImportsWrite, Name::ImportList),
    api("/api/v1/imports/{id}", Permission::ImportsWrite, Name::ImportOne),
    api("/api/v1/imports/{id}/quality", Permission::ImportsWrite, Name::ImportQuality),
    Route { body_max: UPLOAD_BYTES_MAX, ..act("/api/v1/imports", Name::ImportSend) },
    act("/api/v1/imports/{id}/pause", Name::ImportApiPause),
    act("/api/v1/imports/{id}/resume", Name::ImportApiResume),
    act("/api/v1/imports/{id}/cancel", Name::ImportApiCancel),
    act("/api/v1/imports/{id}/accept", Name::ImportApiAccept),
    act("/api/v1/imports/{id}/partial", Name::ImportApiPartial),
    api("/api/v1/quarantine", Permission::FiguresRead, Name::HeldList),
    decision("/api/v1/quarantine/release", Name::HeldRelease),
    decision("/api/v1/quarantine/dismiss", Name::HeldDismiss),
    api("/api/v1/registers", Permission::FiguresRead, Name::Registers),
    api("/api/v1/registers/{name}", Permission::NamesRead, Name::Register),
    Route {
        asked: Asked::Put,
        class: Class::Ingest,
        body_max: EVENTS_BYTES_MAX,
        ..api("/api/v1/registers/{name}", Permission::RegistersWrite, Name::RegisterPut)
    },
    Route {
        asked: Asked::Post,
        class: Class::Ingest,
        body_max: EVENTS_BYTES_MAX,
        ..api("/api/v1/drills", Permission::DrillsWrite, Name::Drills)
    },
    Route {
        asked: Asked::Post,
        class: Class::Upload,
        body_max: FEED_BYTES_MAX,
        ..api("/api/v1/enrichment", Permission::ReferencesWrite, Name::Enrichment)
    },
    webhook("/api/v1/webhooks/in/{source}"),
    webhook("/api/v1/webhooks/in/{source}/{key}"),
    api("/api/v1/items", Permission::ItemsRead, Name::Items),
    api("/api/v1/items/{id}", Permission::ItemsRead, Name::Item),
    api("/api/v1/gap", Permission::FiguresRead, Name::Gap),
    api("/api/v1/clocks", Permission::FiguresRead, Name::Clocks),
    Route { class: Class::Export, ..api("/api/v1/analysis", Permission::FiguresRead, Name::Analysis) },
    api("/api/v1/metrics", Permission::FiguresRead, Name::Metrics),
    api("/api/v1/metrics/{id}", Permission::FiguresRead, Name::Metric),
    Route { access: Access::SignedIn, ..api("/api/v1/version", Permission::FiguresRead, Name::Version) },
    feed("/odata"),
    feed("/odata/"),
    feed("/odata/{*path}"),
];
