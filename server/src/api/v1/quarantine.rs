//! What is held, and what becomes of it? Listed, looked at beforehand, released and dismissed by programs.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::{ImportId, QuarantineId};
use domain::quarantine::Reason;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::authorise::{Denied, Granted, Permission, proof};
use service::error::ServiceError;
use service::identity::record::Origin;
use service::identity::secret::new_key;
use service::ingest::mend::{Mend, Where};
use service::ingest::{Chosen, Deeds, Foreseen, ManyAct, StoredAct};
use service::question::quality::{HeldFilter, HeldLine, Quality, QualityAsk};

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::body;
use crate::extract::facts::{Asking, Facts};
use crate::extract::query::Parameters;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// A page of lines has 50; so many pages can be asked for.
const PAGES_MAX: u32 = 100_000;
const KEY_CHARS_MAX: usize = 128;

/// What is held, with one page of the lines.
#[derive(Serialize)]
struct HeldDto {
    /// All lines that were ever received.
    received: u64,
    /// Held lines that match.
    matching: u64,
    by_reason: Vec<ReasonDto>,
    /// Absent for whoever may not see raw lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LineDto>>,
}

#[derive(Serialize)]
struct ReasonDto {
    reason: &'static str,
    lines: u64,
}

/// A held line, as every interface writes it.
#[derive(Serialize)]
pub struct LineDto {
    id: i64,
    source: String,
    import_id: Option<i64>,
    line: Option<u64>,
    byte: Option<u64>,
    received_at: String,
    reason: &'static str,
    faults: Option<Value>,
    /// The line as it came; what is no UTF-8 is replaced.
    raw: String,
    raw_bytes: u64,
    /// What may be done about it; absent for whoever may not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    possible: Option<DeedsDto>,
}

#[derive(Serialize)]
struct DeedsDto {
    release: bool,
    as_low: bool,
    edit: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    why_not: String,
}

impl From<Deeds> for DeedsDto {
    fn from(deeds: Deeds) -> Self {
        Self { release: deeds.release, as_low: deeds.as_low, edit: deeds.edit, why_not: deeds.why_not }
    }
}

impl LineDto {
    /// A line, with what may be done about it.
    #[must_use]
    pub fn of(line: HeldLine, deeds: Option<Deeds>) -> Self {
        Self {
            id: line.id.get(),
            import_id: line.import.map(ImportId::get),
            line: line.line,
            byte: line.byte,
            received_at: line.received_at.to_string(),
            reason: line.reason.as_str(),
            faults: serde_json::from_str(&line.faults).ok(),
            raw: String::from_utf8_lossy(&line.raw).into_owned(),
            raw_bytes: line.raw_bytes,
            possible: deeds.map(DeedsDto::from),
            source: line.source,
        }
    }
}

impl From<Quality> for HeldDto {
    fn from(quality: Quality) -> Self {
        let by_reason = quality.groups.iter();
        let by_reason = by_reason.map(|group| ReasonDto { reason: group.reason.as_str(), lines: group.lines });
        let deeds = quality.deeds.into_iter().map(Some).chain(std::iter::repeat(None));
        let lines = quality.lines.into_iter().zip(deeds).map(|(line, deeds)| LineDto::of(line, deeds)).collect();
        Self {
            received: quality.received,
            matching: quality.matching,
            by_reason: by_reason.collect(),
            lines: quality.may_see_lines.then_some(lines),
        }
    }
}

/// `GET /api/v1/quarantine`: the filter of the page, and its `page`.
pub async fn list(
    State(state): State<ServerState>,
    Allowed(_): Allowed<proof::FiguresRead>,
    Asking(caller): Asking,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&["reason", "source", "import", "q", "page"])?;
    let text = |name| parameters.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let filter = HeldFilter {
        reason: parameters.read("reason", "a reason for which lines are held")?,
        source: text("source"),
        import: parameters.read("import", "the number of an import")?.map(ImportId::from_row),
        text: text("q"),
    };
    let page = parameters.number("page", 1, PAGES_MAX)?.unwrap_or(1);
    let is_search = filter.text.is_some();
    // No rules are asked for, so none are added up.
    let ask = QualityAsk { filter, page, before: Some(Timestamp::from_seconds(0)), ..QualityAsk::default() };
    let quality = state.services.quality(&caller, &ask).await.map_err(problem_of)?;
    if is_search && !quality.may_see_lines {
        return Err(problem_of(ServiceError::NotAllowed(Denied::Role(Permission::NamesRead))));
    }
    Ok(Json(HeldDto::from(quality)).into_response())
}

/// What is decided about which lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// These lines, or all that match a filter.
    ids: Option<Vec<i64>>,
    filter: Option<FilterAsked>,
    /// The last line of a filter that was looked at.
    up_to: Option<i64>,
    /// Only says what would happen.
    #[serde(default)]
    dry_run: bool,
    /// `low` for a severity below low.
    #[serde(rename = "as")]
    taken_as: Option<String>,
    /// The zone of times without an offset.
    zone: Option<String>,
    set: Option<SetAsked>,
    /// Why lines stay out.
    note: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FilterAsked {
    reason: Option<String>,
    source: Option<String>,
    import: Option<i64>,
    q: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetAsked {
    field: String,
    value: String,
    /// The word it replaces; where the field is empty, if there is none.
    word: Option<String>,
}

impl Decision {
    async fn read(body: Body) -> Result<Self, Problem> {
        let bytes = body::read(body).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| Problem::new(Code::BadParameter).detail(error.to_string()).at("body"))
    }

    fn chosen(&mut self) -> Result<Chosen, Problem> {
        match (self.ids.take(), self.filter.take()) {
            (Some(ids), None) => Ok(Chosen::Lines(ids.into_iter().map(QuarantineId::from_row).collect())),
            (None, Some(filter)) => {
                let reason = filter.reason.map(|reason| reason.parse::<Reason>()).transpose();
                let reason = reason.map_err(|_| wrong("lines are held for no such reason", "filter.reason"))?;
                let (source, import) = (filter.source, filter.import.map(ImportId::from_row));
                let filter = HeldFilter { reason, source, import, text: filter.q };
                Ok(Chosen::Matching { filter, up_to: self.up_to.map(QuarantineId::from_row) })
            }
            _ => Err(wrong("either `ids` or `filter` says which lines are meant", "ids")),
        }
    }

    fn release(&mut self) -> Result<ManyAct, Problem> {
        if self.note.is_some() {
            return Err(wrong("a released line needs no `note`", "note"));
        }
        match (self.taken_as.take().as_deref(), self.zone.take(), self.set.take()) {
            (None, None, None) => Ok(ManyAct::Release),
            (Some("low"), None, None) => Ok(ManyAct::Mend(Mend::AsLow)),
            (None, Some(zone), None) => Ok(ManyAct::Mend(Mend::Zone(zone))),
            (None, None, Some(SetAsked { field, value, word })) => {
                let when = word.filter(|word| !word.is_empty()).map_or(Where::Empty, Where::Holds);
                Ok(ManyAct::Mend(Mend::Set { field, value, when }))
            }
            _ => Err(wrong("at most one of `as` (which is `low`), `zone` and `set`", "as")),
        }
    }

    fn dismiss(&mut self) -> Result<ManyAct, Problem> {
        if self.taken_as.is_some() || self.zone.is_some() || self.set.is_some() {
            return Err(wrong("a dismissed line is not mended", "note"));
        }
        Ok(ManyAct::Dismiss(self.note.take().unwrap_or_default()))
    }
}

fn wrong(detail: &str, place: &'static str) -> Problem {
    Problem::new(Code::BadParameter).detail(detail.to_owned()).at(place)
}

/// What would happen.
#[derive(Serialize)]
pub struct ForeseenDto {
    dry_run: bool,
    chosen: u64,
    /// The last of them.
    up_to: i64,
    accepted: u64,
    duplicate: u64,
    dismissed: u64,
    kept: Vec<service::ingest::Kept>,
}

impl From<Foreseen> for ForeseenDto {
    fn from(foreseen: Foreseen) -> Self {
        let Foreseen { chosen, up_to, accepted, duplicate, dismissed, kept, .. } = foreseen;
        Self { dry_run: true, chosen, up_to: up_to.get(), accepted, duplicate, dismissed, kept }
    }
}

/// What became of a decision.
#[derive(Serialize)]
pub struct DecidedDto {
    act: i64,
    state: &'static str,
    asked: String,
    chosen: u64,
    accepted: u64,
    duplicate: u64,
    dismissed: u64,
    /// Lines that stay held, by reason.
    kept: Option<Value>,
}

impl From<StoredAct> for DecidedDto {
    fn from(act: StoredAct) -> Self {
        Self {
            act: act.id,
            state: act.state.as_str(),
            asked: act.asked,
            chosen: act.chosen,
            accepted: act.counts.accepted,
            duplicate: act.counts.duplicate,
            dismissed: act.counts.dismissed,
            kept: serde_json::from_str(&act.counts.why_kept).ok(),
        }
    }
}

/// `POST /api/v1/quarantine/release`: answers once all lines are settled or stay held.
pub async fn release(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::QuarantineWork>,
    Facts(facts): Facts,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut decision = Decision::read(body).await?;
    let act = decision.release()?;
    decide(&state, &granted, facts.origin(), &headers, decision, act).await
}

/// `POST /api/v1/quarantine/dismiss` with a `note`.
pub async fn dismiss(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::QuarantineWork>,
    Facts(facts): Facts,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut decision = Decision::read(body).await?;
    let act = decision.dismiss()?;
    decide(&state, &granted, facts.origin(), &headers, decision, act).await
}

async fn decide(
    state: &ServerState,
    granted: &Granted<proof::QuarantineWork>,
    origin: Origin,
    headers: &HeaderMap,
    mut decision: Decision,
    act: ManyAct,
) -> Result<Response, Problem> {
    let (chosen, services) = (decision.chosen()?, &state.services);
    if decision.dry_run {
        let foreseen = services.foresee_many(granted, &chosen, &act).await.map_err(problem_of)?;
        return Ok(Json(ForeseenDto::from(foreseen)).into_response());
    }
    let key = key_of(granted, headers)?;
    let begun = services.begin_many(granted, &origin, &key, &chosen, act).await.map_err(problem_of)?;
    if let Some(work) = begun.work {
        // Spawned: it goes on when the program leaves. Under the same key it learns what it came to.
        let done = tokio::spawn(work.run()).await.map_err(|_| Problem::new(Code::Internal))?;
        done.map_err(problem_of)?;
    }
    let act = services.held_act(granted, begun.id).await.map_err(problem_of)?;
    Ok(Json(DecidedDto::from(act)).into_response())
}

/// Under one `Idempotency-Key` a caller decides once; without one, every time.
fn key_of(granted: &Granted<proof::QuarantineWork>, headers: &HeaderMap) -> Result<String, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return new_key().map(|key| key.expose().clone()).map_err(|_| Problem::new(Code::Internal));
    };
    match key.to_str() {
        Ok(key) if (1..=KEY_CHARS_MAX).contains(&key.len()) => Ok(format!("{} {key}", granted.caller().actor())),
        _ => {
            let detail = format!("an idempotency key has 1 to {KEY_CHARS_MAX} plain characters");
            Err(Problem::new(Code::BadIdentifier).detail(detail).at("Idempotency-Key"))
        }
    }
}
