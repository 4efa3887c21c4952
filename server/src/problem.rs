//! What does a caller read when something is refused? A closed list of codes, and one body for all of them.
//!
//! A handler answers with a [`Problem`]; the outermost mapping layer (`middleware/problem_mapper.rs`) writes it as
//! `application/problem+json`, as a page or as an OData error, with the request id. Nothing of our insides is ever in it.

use axum::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

macro_rules! codes {
    ($($name:ident = $word:literal, $status:literal, $title:literal);+ $(;)?) => {
        /// The stable name of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name),+ }

        impl Code {
            /// All codes, in the order of their status.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written in answers and in the address of its page.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// One sentence without a full stop.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            const fn status_number(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }
        }
    };
}

codes! {
    BadRequest = "bad_request", 400, "the request cannot be read";
    BadPath = "bad_path", 400, "the address holds characters that no address here has";
    EmptyBody = "empty_body", 400, "the body is empty";
    JsonSyntax = "json_syntax", 400, "the body is not JSON";
    JsonTooDeep = "json_too_deep", 400, "the JSON is nested too deeply";
    JsonDuplicateKey = "json_duplicate_key", 400, "a key appears twice in one object";
    InvalidUtf8 = "invalid_utf8", 400, "the body is not UTF-8";
    MultipartInvalid = "multipart_invalid", 400, "the form with its file cannot be read";
    ParameterRepeated = "parameter_repeated", 400, "a parameter appears twice";
    CursorInvalid = "cursor_invalid", 400, "the cursor is not one of ours, or belongs to another question";
    AuthRequired = "auth_required", 401, "this address needs a token or a sign-in";
    TokenInvalid = "token_invalid", 401, "the token is wrong, expired or revoked";
    SignatureInvalid = "signature_invalid", 401, "the signature or the key is missing or wrong";
    TimestampSkew = "timestamp_skew", 401, "it was sent too long ago, or the clocks differ";
    SignInFailed = "sign_in_failed", 401, "the address or the password is not right";
    ScopeMissing = "scope_missing", 403, "the token lacks a scope";
    NotAllowed = "not_allowed", 403, "your role does not allow this";
    SourceNotAllowed = "source_not_allowed", 403, "the token may not write to this source";
    StepUpRequired = "step_up_required", 403, "this needs your password again";
    CrossSite = "cross_site", 403, "the request came from another site";
    NotFound = "not_found", 404, "there is nothing at this address";
    MethodNotAllowed = "method_not_allowed", 405, "this address does not take this method";
    NotAcceptable = "not_acceptable", 406, "none of the accepted forms can be answered";
    BodyTimeout = "body_timeout", 408, "the body did not arrive in time";
    AlreadySettled = "already_settled", 409, "the line was settled before";
    AlreadyMade = "already_made", 409, "the form was sent before";
    LastOwner = "last_owner", 409, "the last owner cannot leave";
    EventConflict = "event_conflict", 409, "the same id came before with other content";
    InFlight = "in_flight", 409, "the same request is still running";
    ImportState = "import_state", 409, "the import is not in a state for this";
    ImportEnded = "import_ended", 409, "the import has ended";
    ImportPaused = "import_paused", 409, "the import rests";
    ImportCancelled = "import_cancelled", 409, "the import was given up";
    ImportRunning = "import_running", 409, "the same file is being imported";
    PreconditionFailed = "precondition_failed", 412, "another version is the newest";
    BodyTooLarge = "body_too_large", 413, "the body is larger than this address takes";
    ArchiveTooLarge = "archive_too_large", 413, "the archive unfolds to more than an import may hold";
    ArchiveRatio = "archive_ratio", 413, "the archive unfolds to far more than its size";
    ArchiveTooManyEntries = "archive_too_many_entries", 413, "the archive holds too many files";
    UnpackedTooLarge = "unpacked_too_large", 413, "the body unfolds to more than this address takes";
    TooManyEvents = "too_many_events", 413, "the batch holds more events than one request may";
    TooManyColumns = "too_many_columns", 413, "the header has more columns than a file may";
    UriTooLong = "uri_too_long", 414, "the address is too long";
    UnsupportedMediaType = "unsupported_media_type", 415, "this media type is not taken here";
    UnsupportedEncoding = "unsupported_encoding", 415, "this content encoding is not taken here";
    FormatUnknown = "format_unknown", 415, "the file is in no format known here";
    WrongHost = "wrong_host", 421, "this server does not answer for that host";
    BadParameter = "bad_parameter", 422, "a parameter cannot be used";
    BadTokenRequest = "bad_token_request", 422, "such a token cannot be made";
    TooManyTokens = "too_many_tokens", 422, "there are too many tokens of one person";
    BadIdentifier = "bad_identifier", 422, "an identifier cannot be used";
    EventHeld = "event_held", 422, "the event was held back";
    NoRows = "no_rows", 422, "there is no record under the header";
    EncodingUnknown = "encoding_unknown", 422, "the text is in no encoding known here";
    DuplicateHeader = "duplicate_header", 422, "a column stands twice in the header";
    MissingHeader = "missing_header", 422, "a column that every event needs is missing";
    ArchiveSeveral = "archive_several", 422, "the files of the archive cannot be read as one";
    ArchiveNested = "archive_nested", 422, "an archive inside an archive";
    ArchiveEncrypted = "archive_encrypted", 422, "the archive is encrypted";
    ArchiveLink = "archive_link", 422, "the archive holds a link";
    ArchiveMethod = "archive_method", 422, "the archive is packed in a way that is not read";
    ArchiveMemory = "archive_memory", 422, "the archive needs too much memory";
    ArchiveCutOff = "archive_cut_off", 422, "the archive is cut off";
    ArchiveBroken = "archive_broken", 422, "the archive is broken";
    ArchiveEmpty = "archive_empty", 422, "there is no file in the archive";
    ArchiveNeedsFile = "archive_needs_file", 422, "a zip archive is sent as a file";
    XmlSyntax = "xml_syntax", 422, "the file is not XML";
    XmlForbidden = "xml_forbidden", 422, "the file holds a document type or an entity";
    NoEvents = "no_events", 422, "the file holds no events";
    FormatAmbiguous = "format_ambiguous", 422, "the file may be in several formats";
    MappingNeeded = "mapping_needed", 422, "somebody must say how files of this source are read";
    BadSetting = "bad_setting", 422, "what was said about the source cannot be used";
    SnapshotWithoutDate = "snapshot_without_date", 422, "nothing says when the snapshot was taken";
    SnapshotOfTomorrow = "snapshot_of_tomorrow", 422, "the snapshot was taken at a moment that has not come";
    SnapshotOvertaken = "snapshot_overtaken", 422, "a part of the import is held beside a snapshot that is no longer the last";
    MassAbsence = "mass_absence", 422, "too much is gone at once from a snapshot";
    HeldImportsFull = "held_imports_full", 422, "too many files wait for a person";
    BadHeader = "bad_header", 422, "the header cannot be read";
    NotAtomic = "not_atomic", 422, "a line cannot be accepted, so nothing was stored";
    RegisterRefused = "register_refused", 422, "a row of the register cannot be taken, so nothing was stored";
    DrillRefused = "drill_refused", 422, "a record of a drill cannot be taken, so nothing was stored";
    FeedRefused = "feed_refused", 422, "the feed cannot be kept";
    BadEmail = "bad_email", 422, "this is not an e-mail address";
    EmailTaken = "email_taken", 422, "somebody with this address is here already";
    EmptyFile = "empty_file", 422, "the file is empty";
    IdempotencyMismatch = "idempotency_mismatch", 422, "the key was used before with another body";
    PasswordRefused = "password_refused", 422, "the password cannot be used";
    FileGone = "file_gone", 422, "the file of an import is not there any more";
    AnotherFile = "another_file", 422, "this is not the file of that import";
    RateLimited = "rate_limited", 429, "too many requests";
    QuarantineFull = "quarantine_full", 429, "the quarantine is full";
    HeadersTooLarge = "headers_too_large", 431, "the head of the request is too large";
    Internal = "internal", 500, "something went wrong here";
    NotImplemented = "not_implemented", 501, "this part is known but not served";
    Busy = "busy", 503, "the server is busy";
    OutcomeUnknown = "outcome_unknown", 503, "the outcome is unknown: send the same bytes again";
    StorageUnavailable = "storage_unavailable", 503, "the database cannot be reached";
    RenderTimeout = "render_timeout", 503, "the report took too long to draw";
    RenderFailed = "render_failed", 503, "the report could not be drawn";
    QueryTimeout = "query_timeout", 504, "the question took too long";
    StorageFull = "storage_full", 507, "there is no room left";
}

impl Code {
    /// The status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code of a bare status that another layer answered.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::AuthRequired,
            403 => Self::NotAllowed,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            406 => Self::NotAcceptable,
            408 => Self::BodyTimeout,
            409 => Self::AlreadySettled,
            412 => Self::PreconditionFailed,
            413 => Self::BodyTooLarge,
            414 => Self::UriTooLong,
            415 => Self::UnsupportedMediaType,
            421 => Self::WrongHost,
            422 => Self::BadParameter,
            429 => Self::RateLimited,
            431 => Self::HeadersTooLarge,
            501 => Self::NotImplemented,
            503 => Self::Busy,
            504 => Self::QueryTimeout,
            507 => Self::StorageFull,
            400..=499 => Self::BadRequest,
            _ => Self::Internal,
        }
    }

    /// What the reader can do next.
    #[must_use]
    pub const fn hint(self) -> Option<&'static str> {
        if matches!(self, Self::AuthRequired) {
            return Some("send `Authorization: Bearer <token>`, or sign in");
        }
        if matches!(self, Self::TokenInvalid) {
            return Some("make a new token on the page `/settings/tokens`, or by `wallclock token add`");
        }
        if matches!(self, Self::SignatureInvalid) {
            return Some("give the sender a secret of `wallclock webhook rotate SOURCE`");
        }
        if matches!(self, Self::TimestampSkew) {
            return Some("set the clock of the sender, or send it now");
        }
        if matches!(self, Self::OutcomeUnknown) {
            return Some("send the same bytes again: nothing counts twice");
        }
        if matches!(self, Self::Busy | Self::RateLimited) {
            return Some("wait as long as `Retry-After` says, then send again");
        }
        if matches!(self, Self::StorageUnavailable) {
            return Some("send the same bytes again later: nothing counts twice");
        }
        if matches!(self, Self::NotFound) {
            return Some("check the address");
        }
        if matches!(self, Self::Internal) {
            return Some("tell the operator the request id");
        }
        if matches!(self, Self::StepUpRequired) {
            return Some("confirm your password, then send the form again");
        }
        if matches!(self, Self::LastOwner) {
            return Some("make somebody else an owner first");
        }
        if matches!(self, Self::CrossSite) {
            return Some("open the page here and send the form from it");
        }
        if matches!(self, Self::MassAbsence) {
            return Some("say what it means on the page of imports, `/imports`");
        }
        if matches!(self, Self::HeldImportsFull) {
            return Some("decide about one of them on the page of imports, `/imports`, then send the file again");
        }
        if matches!(self, Self::WrongHost) {
            return Some("set WALLCLOCK_PUBLIC_URL or WALLCLOCK_ALLOWED_HOSTS");
        }
        None
    }
}

/// A refusal: what, where, and what to do next.
#[derive(Clone, Debug)]
pub struct Problem {
    pub code: Code,
    pub detail: Option<String>,
    pub place: Option<Box<str>>,
    pub hint: Option<Box<str>>,
    pub errors: Vec<serde_json::Value>,
    pub members: Vec<(&'static str, serde_json::Value)>,
    pub headers: Box<HeaderMap>,
}

impl Problem {
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            place: None,
            hint: code.hint().map(Into::into),
            errors: Vec::new(),
            members: Vec::new(),
            headers: Box::default(),
        }
    }

    /// One sentence about this very case.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into());
        self
    }

    /// Where it is: a JSON pointer, a parameter, or file and line.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into().into_boxed_str());
        self
    }

    /// What to do next.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into().into_boxed_str());
        self
    }

    /// A member of this code alone.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// Tells the caller when to come back.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(RETRY_AFTER, &seconds.max(1).to_string())
    }

    /// Tells the caller how to show who it is.
    #[must_use]
    pub fn challenge(self, value: &str) -> Self {
        self.header(WWW_AUTHENTICATE, value)
    }

    /// Names the methods that would be taken.
    #[must_use]
    pub fn allow(self, methods: &str) -> Self {
        self.header(ALLOW, methods)
    }

    /// The body as JSON.
    #[must_use]
    pub fn body(&self, request_id: &str) -> serde_json::Value {
        let body = Body {
            kind: format!("/problems/{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            code: self.code.as_str(),
            detail: self.detail.as_deref(),
            place: self.place.as_deref(),
            hint: self.hint.as_deref(),
            request_id,
            errors: &self.errors,
        };
        let mut body = serde_json::to_value(body).unwrap_or_default();
        if let Some(object) = body.as_object_mut() {
            for (name, value) in &self.members {
                object.insert((*name).to_owned(), value.clone());
            }
        }
        body
    }
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [serde_json::Value],
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl IntoResponse for Problem {
    /// The status with the problem beside it: the mapping layer writes the body.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.headers_mut().extend((*self.headers).clone());
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_a_status_of_its_kind_and_a_title_without_a_full_stop() {
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{code:?}");
            assert!(!code.title().ends_with('.'), "{code:?}");
            assert_eq!(Code::of_status(code.status()).status(), code.status(), "{code:?}");
        }
    }

    #[test]
    fn a_body_names_its_page_and_the_request() {
        let body = Problem::new(Code::JsonSyntax).detail("line 3").at("/2").body("r1");
        assert_eq!(body["type"], "/problems/json_syntax");
        assert_eq!(body["status"], 400);
        assert_eq!(body["where"], "/2");
        assert_eq!(body["request_id"], "r1");
        assert!(body.get("errors").is_none());
    }
}
