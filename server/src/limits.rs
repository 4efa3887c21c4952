//! How much is too much? Every limit of the HTTP side with its default; tests lower them.

use std::time::Duration;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

/// The limits of one server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address (/64 for IPv6).
    pub connections_per_address: usize,
    /// Headers must be complete by then; also how long a connection may idle.
    pub head: Duration,
    /// A client that reads nothing for so long is let go.
    pub write: Duration,
    /// Unfinished requests at shutdown get so long.
    pub drain: Duration,
    /// No byte of a body for so long ends the request.
    pub body_idle: Duration,
    /// A whole body must have arrived by then.
    pub body_whole: Duration,
    /// The same for an upload.
    pub upload_idle: Duration,
    /// The same for an upload.
    pub upload_whole: Duration,
    /// Work on a page, an API question or a sign-in.
    pub read_work: Duration,
    /// Work on sent events.
    pub ingest_work: Duration,
    /// Work on a report.
    pub render_work: Duration,
    /// Work on a sign-in.
    pub sign_in_work: Duration,
    /// Requests from one address without a session or token: a second, and at once.
    pub anonymous_rate: (f64, f64),
    /// Requests of one person.
    pub person_rate: (f64, f64),
    /// Requests of one token.
    pub token_rate: (f64, f64),
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            connections_per_address: 64,
            head: Duration::from_secs(15),
            write: Duration::from_secs(30),
            drain: Duration::from_secs(25),
            body_idle: Duration::from_secs(10),
            body_whole: Duration::from_secs(30),
            upload_idle: Duration::from_secs(30),
            upload_whole: Duration::from_secs(2 * 3_600),
            read_work: Duration::from_secs(10),
            ingest_work: Duration::from_secs(30),
            render_work: Duration::from_secs(30),
            sign_in_work: Duration::from_secs(5),
            anonymous_rate: (5.0, 30.0),
            person_rate: (20.0, 60.0),
            token_rate: (50.0, 200.0),
        }
    }
}

/// An address longer than this is refused.
pub const URL_BYTES_MAX: usize = 32 * 1024;
/// The head of a request, all headers together.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Headers of one request.
pub const HEADERS_MAX: usize = 100;
/// A sign-in form.
pub const SIGN_IN_BYTES_MAX: u64 = 8 * KIB;
/// A server function.
pub const FUNCTION_BYTES_MAX: u64 = 256 * KIB;
/// A decision about held lines: ten thousand numbers.
pub const DECISION_BYTES_MAX: u64 = 256 * KIB;
/// A batch of events.
pub const EVENTS_BYTES_MAX: u64 = 16 * MIB;
/// A feed of what the world knows of weaknesses, as it was published: packed or plain.
pub const FEED_BYTES_MAX: u64 = 256 * MIB;
/// What a tool sends by itself.
pub const WEBHOOK_BYTES_MAX: u64 = 2 * MIB;
/// An uploaded file.
pub const UPLOAD_BYTES_MAX: u64 = 10 * GIB;
/// What a request without a body may still carry.
pub const NO_BODY_BYTES_MAX: u64 = 4 * KIB;
/// Events in one request.
pub const EVENTS_PER_REQUEST_MAX: usize = 10_000;

/// What a request is for; each class has its own share of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Answers from memory that must never wait.
    Health,
    /// Pages and questions.
    Read,
    /// Sent events.
    Ingest,
    /// Files.
    Upload,
    /// The feed and bulk files.
    Export,
    /// Reports.
    Render,
    /// Passwords.
    SignIn,
}

impl Class {
    /// All classes that share a number of places.
    pub const SHARED: [Self; 6] = [Self::Read, Self::Ingest, Self::Upload, Self::Export, Self::Render, Self::SignIn];

    /// Requests of this class at once.
    #[must_use]
    pub const fn places(self) -> usize {
        match self {
            Self::Health => usize::MAX,
            Self::Read | Self::Ingest => 64,
            Self::Upload => 4,
            Self::Export => 8,
            Self::Render => 22,
            Self::SignIn => 18,
        }
    }
}
