//! What do the registers say, and how does one get in? Each upload is a version with a name, a number and a sender.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ETAG, HeaderValue, IF_MATCH};
use axum::response::{IntoResponse, Response};
use domain::register::Register;
use domain::time::Timestamp;
use serde::Serialize;
use service::authorise::proof;
use service::registers::{RegisterKept, RegisterSlice, RegisterUpload, WhichVersion};
use store::registers::{FIRST, RegisterHead, RegisterVersion};

use super::answer::private;
use super::events::Arrived;
use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::path::Segment;
use crate::extract::query::{Parameters, shown};
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// Rows of an answer unless asked otherwise.
const ROWS: u32 = 100;
/// Rows of an answer at most.
const ROWS_MAX: u32 = 1_000;

#[derive(Serialize)]
struct ListDto {
    registers: Vec<RegisterDto>,
}

/// A register with its newest version, in the words of every interface.
#[derive(Serialize)]
pub struct RegisterDto {
    name: &'static str,
    #[serde(flatten)]
    newest: Option<VersionDto>,
    valid_from: Option<String>,
}

impl RegisterDto {
    /// A register with its newest version, where it has one.
    #[must_use]
    pub fn of(register: Register, head: Option<RegisterHead>) -> Self {
        Self {
            name: register.as_str(),
            newest: head.as_ref().map(|head| (&head.newest).into()),
            valid_from: head.and_then(|head| head.valid_from).map(|day| day.to_string()),
        }
    }
}

#[derive(Serialize)]
struct VersionDto {
    version: u32,
    rows: u64,
    uploaded_at: String,
    uploaded_by: String,
}

impl From<&RegisterVersion> for VersionDto {
    fn from(version: &RegisterVersion) -> Self {
        Self {
            version: version.version,
            rows: version.rows,
            uploaded_at: version.received_at.to_string(),
            uploaded_by: version.by.clone(),
        }
    }
}

#[derive(Serialize)]
struct RowsDto {
    name: &'static str,
    #[serde(flatten)]
    version: VersionDto,
    /// The rows of this answer; `rows` counts all of the version.
    shown: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    teams_allowed: Option<Vec<String>>,
    next: Option<String>,
}

/// What became of an upload, in the words of every interface.
#[derive(Serialize)]
pub struct KeptDto {
    name: &'static str,
    #[serde(flatten)]
    version: VersionDto,
    added: u64,
    ended: u64,
    unchanged: bool,
    ignored: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_columns: Vec<String>,
}

impl KeptDto {
    /// What became of an upload of that register. What was written before is not counted as written now.
    #[must_use]
    pub fn of(register: Register, kept: RegisterKept) -> Self {
        let now = |count: u64| if kept.unchanged { 0 } else { count };
        Self {
            name: register.as_str(),
            version: (&kept.version).into(),
            added: now(kept.version.added),
            ended: now(kept.version.ended),
            unchanged: kept.unchanged,
            ignored: kept.ignored,
            unknown_columns: kept.unknown_columns,
        }
    }
}

/// `GET /api/v1/registers`
pub async fn list(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::FiguresRead>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&[])?;
    let registers = state.services.registers(&granted).await.map_err(problem_of)?;
    let registers = registers.into_iter().map(|(register, head)| RegisterDto::of(register, head));
    Ok(private(ListDto { registers: registers.collect() }))
}

/// `GET /api/v1/registers/{name}` with `as_of` or `version`, `after` and `limit`.
pub async fn read(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::NamesRead>,
    Segment(name): Segment,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&["as_of", "version", "after", "limit"])?;
    let register = named(&name)?;
    let slice = RegisterSlice {
        which: which(&parameters, state.clock.now())?,
        after: parameters.number("after", 0, u32::MAX)?.map_or(FIRST, i64::from),
        limit: parameters.number("limit", 1, ROWS_MAX)?.unwrap_or(ROWS),
    };
    let found = state.services.register(&granted, register, slice).await.map_err(problem_of)?;
    let version = found.version.version;
    let next = found
        .next
        .map(|after| format!("/api/v1/registers/{register}?version={version}&after={after}&limit={}", slice.limit));
    let shown = found.rows.iter().map(|row| serde_json::from_str(&row.to_json()).unwrap_or_default());
    let rows = RowsDto {
        name: register.as_str(),
        version: (&found.version).into(),
        shown: shown.collect(),
        teams_allowed: found.teams,
        next,
    };
    Ok(tagged(private(rows), register, version))
}

/// `PUT /api/v1/registers/{name}`: the whole register, as CSV, NDJSON or JSON.
pub async fn put(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::RegistersWrite>,
    Segment(name): Segment,
    arrived: Arrived,
) -> Result<Response, Problem> {
    let register = named(&name)?;
    arrived.parameters().only(&[])?;
    arrived.encoding()?;
    let expected = expected(arrived.headers(), register)?;
    let origin = arrived.origin();
    let upload = RegisterUpload { body: arrived.filled_body()?, expected, origin };
    let kept = state.services.put_register(&granted, register, upload).await.map_err(problem_of)?;
    let version = kept.version.version;
    Ok(tagged(Json(KeptDto::of(register, kept)).into_response(), register, version))
}

/// The register of that name.
fn named(name: &str) -> Result<Register, Problem> {
    name.parse().map_err(|_| {
        let known: Vec<&str> = Register::ALL.iter().map(|register| register.as_str()).collect();
        let problem = Problem::new(Code::NotFound).detail(format!("no register is called `{}`", shown(name)));
        problem.hint(format!("known are {}", known.join(", ")))
    })
}

fn which(parameters: &Parameters, now: Timestamp) -> Result<WhichVersion, Problem> {
    let version = parameters.number("version", 1, u32::MAX)?;
    let Some(text) = parameters.get("as_of") else {
        return Ok(version.map_or(WhichVersion::Newest, WhichVersion::Number));
    };
    let wrong = |detail: String| Problem::new(Code::BadParameter).detail(detail).at("as_of");
    let as_of = Timestamp::parse(text).map_err(|_| {
        wrong(format!("`{}` is not a time, expected RFC 3339 with an offset, as in 2026-03-01T10:00:00Z", shown(text)))
    })?;
    if as_of > now {
        return Err(wrong(format!("as_of `{as_of}` lies in the future")).hint("leave it out for the present"));
    }
    if version.is_some() {
        return Err(wrong("`as_of` and `version` exclude each other".to_owned()));
    }
    Ok(WhichVersion::KnownAt(as_of))
}

/// The version a sender has read, from `If-Match`.
fn expected(headers: &HeaderMap, register: Register) -> Result<Option<u32>, Problem> {
    let Some(tag) = headers.get(IF_MATCH) else { return Ok(None) };
    let number = tag.to_str().ok().and_then(|tag| {
        let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
        tag.strip_prefix(register.as_str())?.strip_prefix('-')?.parse().ok()
    });
    let stale = || Problem::new(Code::PreconditionFailed).detail("no version has that tag").at("If-Match");
    number.map(Some).ok_or_else(stale)
}

fn tagged(mut response: Response, register: Register, version: u32) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{register}-{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}
