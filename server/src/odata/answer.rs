//! What does the feed answer? One request becomes a status, headers and a body; nothing here waits or remembers.

use super::{
    error::{ODATA_VERSION, ODataError},
    item_row::{ItemRow, ItemRows},
    metadata,
    negotiate::{self, Detail, JsonForm, MetadataForm, PageSize, Version},
    options::Options,
    page,
    plan::Plan,
    reply::{METADATA_CACHE, ODataAnswer, Reply, bare, etag, finish, refusal, set},
    resource::{Resource, SET},
    skip_token::{self, Progress, Signer},
    value::Value,
    write,
};
use axum::http::{
    HeaderMap, Method, StatusCode,
    header::{ALLOW, CONTENT_LENGTH, VARY},
};
use domain::{
    time::Timestamp,
    view::{Verification, View},
};

const METHODS: &str = "GET, HEAD, OPTIONS";
const VARIES_BY: &str = "Accept, Accept-Encoding, Authorization, OData-MaxVersion, Prefer";
const TEXT: &str = "text/plain;charset=utf-8";

/// A request as it came in, nothing decoded.
#[derive(Clone, Copy, Debug)]
pub struct ODataRequest<'a> {
    pub method: &'a Method,
    /// The whole path, from `/odata` on.
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub headers: &'a HeaderMap,
}

/// What the answers are made from.
#[derive(Clone, Copy)]
pub struct Feed<'a> {
    pub items: &'a dyn ItemRows,
    /// The present view.
    pub view: View,
    /// The revision of the facts that `items` shows.
    pub revision: i64,
    /// The mode where the request names none.
    pub headline: Verification,
    /// The address of the server as clients write it, as in `https://wallclock.example`.
    pub public_url: &'a str,
    /// Signs and reads `$skiptoken`.
    pub signer: &'a Signer,
    /// Whatever narrows the rows: organisation, token, teams.
    pub scope: &'a str,
    /// The present, for the age of tokens.
    pub now: Timestamp,
}

/// Answers a request, whatever it is.
#[must_use]
pub fn answer(request: &ODataRequest<'_>, feed: &Feed<'_>) -> ODataAnswer {
    let version = Version::asked(request.headers);
    let spoken = version.clone().unwrap_or(Version::V4);
    let outcome = match *request.method {
        Method::GET | Method::HEAD => version.and_then(|_| respond(request, feed)).map(Some),
        Method::OPTIONS => Ok(None),
        _ => Err(ODataError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            format!("the feed is read only, expected {METHODS}"),
        )),
    };
    let mut answer = match outcome {
        Ok(Some(reply)) => finish(reply, request, feed, spoken),
        Ok(None) => bare(StatusCode::NO_CONTENT),
        Err(error) => refusal(&error),
    };
    set(&mut answer.headers, ODATA_VERSION, spoken.as_str());
    set(&mut answer.headers, VARY, VARIES_BY);
    if matches!(answer.status, StatusCode::NO_CONTENT | StatusCode::METHOD_NOT_ALLOWED)
        && *request.method != Method::GET
    {
        set(&mut answer.headers, ALLOW, METHODS);
    }
    if *request.method == Method::HEAD {
        let length = answer.body.len().to_string();
        set(&mut answer.headers, CONTENT_LENGTH, &length);
        answer.body.clear();
    }
    answer
}

fn respond(request: &ODataRequest<'_>, feed: &Feed<'_>) -> Result<Reply, ODataError> {
    let resource = Resource::of_path(request.path)?;
    let options = Options::read(request.query.unwrap_or_default())?;
    let form = || negotiate::data_form(options.get("format"), request.headers);
    match resource {
        Resource::Service => {
            options.only(&["format"], "the service document")?;
            let form = form()?;
            let body = metadata::service_document(&root(feed), form.detail);
            Ok(Reply { cache: METADATA_CACHE, ..Reply::of(form.content_type(), body) })
        }
        Resource::Metadata => {
            options.only(&["format"], "`$metadata`")?;
            Ok(description(negotiate::metadata_form(options.get("format"), request.headers)?))
        }
        Resource::Items => collection(request, feed, &options, form()?),
        Resource::Count => {
            let plan = Plan::of(&options, feed.headline)?;
            let matching = page::count(feed.items, &plan, feed.view.as_of);
            Ok(Reply { tag: data_tag(feed, feed.view.as_of, ""), ..Reply::of(TEXT, matching.to_string()) })
        }
        Resource::Item(key) => {
            options.only(&["select", "format"], "one row")?;
            let form = form()?;
            let plan = Plan::of(&options, feed.headline)?;
            let context = context(feed, &plan, "/$entity");
            let entity = |row: &ItemRow<'_>| Some(write::entity(row, &plan.select, form, &context));
            one(feed, &plan, key, form.content_type(), &entity)
        }
        Resource::Property(key, column) => {
            options.only(&["format"], "one cell")?;
            let form = form()?;
            let plan = Plan::of(&options, feed.headline)?;
            let context = format!("{}/$metadata#{SET}({key})/{}", root(feed), column.name);
            let cell = |row: &ItemRow<'_>| write::cell(&column.of(row), form, &context);
            one(feed, &plan, key, form.content_type(), &cell)
        }
        Resource::Raw(key, column) => {
            options.only(&["format"], "one cell")?;
            let plan = Plan::of(&options, feed.headline)?;
            let raw =
                |row: &ItemRow<'_>| Some(column.of(row)).filter(|cell| !cell.is_null()).map(|cell| write::plain(&cell));
            one(feed, &plan, key, TEXT.to_owned(), &raw)
        }
    }
}

fn description(form: MetadataForm) -> Reply {
    let (content_type, body) = match form {
        MetadataForm::Xml => ("application/xml;charset=utf-8", metadata::xml()),
        MetadataForm::Json => ("application/json;charset=utf-8", metadata::csdl_json()),
    };
    Reply { cache: METADATA_CACHE, tag: etag(&[&body]), ..Reply::of(content_type, body) }
}

/// The address that all links start with.
fn root(feed: &Feed<'_>) -> String {
    format!("{}/odata/v4", feed.public_url.trim_end_matches('/'))
}

fn context(feed: &Feed<'_>, plan: &Plan, after: &str) -> String {
    let list = if plan.selected { format!("({})", plan.select_list()) } else { String::new() };
    format!("{}/$metadata#{SET}{list}{after}", root(feed))
}

/// What an answer with rows depends on beside its question.
fn data_tag(feed: &Feed<'_>, as_of: Timestamp, more: &str) -> String {
    format!("{} {} {more}", feed.revision, as_of.seconds())
}

/// An answer about one row. A cell that is null is answered without a body.
fn one(
    feed: &Feed<'_>,
    plan: &Plan,
    key: i64,
    content_type: String,
    write: &dyn Fn(&ItemRow<'_>) -> Option<String>,
) -> Result<Reply, ODataError> {
    let as_of = feed.view.as_of;
    let mut found = None;
    feed.items.each(as_of, plan.mode, &mut |row| {
        if row.key() == key {
            found = Some(write(row));
        }
    });
    let body = found.ok_or_else(|| ODataError::not_found(format!("`{SET}` has no row with the key {key}")))?;
    let status = if body.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT };
    Ok(Reply { status, tag: data_tag(feed, as_of, ""), ..Reply::of(content_type, body.unwrap_or_default()) })
}

fn collection(
    request: &ODataRequest<'_>,
    feed: &Feed<'_>,
    options: &Options,
    form: JsonForm,
) -> Result<Reply, ODataError> {
    let plan = Plan::of(options, feed.headline)?;
    let seal = feed.signer.seal(feed.scope, &plan.question);
    let before = options.get("skiptoken").map(|token| seal.read(token, feed.now)).transpose()?;
    if before.as_ref().is_some_and(|progress| progress.revision != feed.revision) && !plan.order.is_empty() {
        return Err(skip_token::moved_on());
    }
    let as_of = before.as_ref().map_or(feed.view.as_of, |progress| Timestamp::from_seconds(progress.as_of));
    let size = PageSize::asked(request.headers, before.as_ref().map(|progress| progress.page_rows));
    let page = page::find(feed.items, &plan, as_of, before.as_ref(), size.rows)?;
    let rows = page::write(feed.items, &plan, as_of, &page.keys, &|row| write::row(row, &plan.select, form));

    let mut members = Vec::new();
    if form.detail != Detail::None {
        members.push(write::member("@odata.context", &write::text(&context(feed, &plan, ""))));
    }
    if plan.with_count {
        members.push(write::member("@odata.count", &write::json(&Value::count(page.matching), form)));
    }
    members.push(write::member("value", &format!("[{}]", rows.join(",\n"))));
    if let Some((key, marks)) = page.goes_on_after {
        let next = seal.write(&Progress {
            made_at: feed.now.seconds(),
            as_of: as_of.seconds(),
            revision: before.as_ref().map_or(feed.revision, |progress| progress.revision),
            greatest_key: before.as_ref().map_or(page.greatest_key, |progress| progress.greatest_key),
            delivered: before.as_ref().map_or(0, |progress| progress.delivered) + page.keys.len(),
            page_rows: size.rows,
            key,
            marks,
        })?;
        members.push(write::member("@odata.nextLink", &write::text(&next_link(feed, &plan, &next))));
    }
    Ok(Reply {
        tag: data_tag(feed, as_of, &size.rows.to_string()),
        applied: size.applied,
        ..Reply::of(form.content_type(), format!("{{{}}}\n", members.join(",")))
    })
}

fn next_link(feed: &Feed<'_>, plan: &Plan, token: &str) -> String {
    let join = if plan.question.is_empty() { "" } else { "&" };
    format!("{}/{SET}?{}{join}$skiptoken={token}", root(feed), plan.question)
}
