//! Where does the next page go on? A position that only this server can write, for this question and this caller alone.
//!
//! A `$skiptoken` is `base64url(payload) . base64url(HMAC-SHA256)`. The question and the scope are part of what is signed, not of
//! the payload: with another question, or in other hands, the signature is simply wrong.

use super::{
    columns::Column,
    error::ODataError,
    plan::{Direction, Plan},
    value::{EdmType, Instant, Value},
};
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::time::{DAY_SECONDS, Timestamp};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use service::identity::secret::{NoRandomness, random};
use sha2::Sha256;

/// A reader that pauses longer than a day begins again.
const LIFETIME_SECONDS: i64 = DAY_SECONDS;
/// Keeps these signatures apart from all others.
const PURPOSE: &[u8] = b"wallclock odata skiptoken 1\0";

/// Signs with a key that lives as long as the process: after a restart a reader begins again.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

impl Signer {
    /// A signer with a fresh key.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self { key: random()? })
    }

    pub(super) const fn seal<'a>(&'a self, scope: &'a str, question: &'a str) -> Seal<'a> {
        Seal { signer: self, scope, question }
    }
}

/// Where a reader is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// When the token was made, in seconds.
    #[serde(rename = "t")]
    pub(super) made_at: i64,
    /// The end of the view of the first page, in seconds.
    #[serde(rename = "a")]
    pub(super) as_of: i64,
    /// The revision of the first page.
    #[serde(rename = "r")]
    pub(super) revision: i64,
    /// The greatest key there was on the first page: later items wait for the next reading.
    #[serde(rename = "g")]
    pub(super) greatest_key: i64,
    /// Rows delivered so far.
    #[serde(rename = "n")]
    pub(super) delivered: usize,
    /// Rows a page.
    #[serde(rename = "p")]
    pub(super) page_rows: usize,
    /// The key of the last row.
    #[serde(rename = "k")]
    pub(super) key: i64,
    /// The cells of the last row that the order goes by.
    #[serde(rename = "m")]
    pub(super) marks: Vec<Mark>,
}

/// A cell as the token keeps it; its column says what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Mark {
    Null,
    Boolean(bool),
    /// Whole numbers, days, seconds, and the bits of a double.
    Number(i64),
    Text(String),
}

impl Mark {
    pub(super) fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(it) => Self::Boolean(*it),
            Value::Integer(it) | Value::Date(it) => Self::Number(*it),
            Value::Double(it) => Self::Number(it.to_bits().cast_signed()),
            Value::Text(it) => Self::Text(it.to_string()),
            Value::Instant(it) => Self::Number(it.seconds),
        }
    }

    fn value(self, column: &Column) -> Option<Value<'static>> {
        Some(match (self, column.edm) {
            (Self::Null, _) => Value::Null,
            (Self::Boolean(it), EdmType::Boolean) => Value::Boolean(it),
            (Self::Number(it), EdmType::Int64) => Value::Integer(it),
            (Self::Number(it), EdmType::Date) => Value::Date(it),
            (Self::Number(it), EdmType::Double) => Value::Double(f64::from_bits(it.cast_unsigned())),
            (Self::Number(seconds), EdmType::DateTimeOffset) => Value::Instant(Instant { seconds, nanos: 0 }),
            (Self::Text(it), EdmType::String) => Value::Text(it.into()),
            _ => return None,
        })
    }
}

impl Progress {
    /// The cells that the order goes by, with their directions.
    pub(super) fn sorted_by(&self, plan: &Plan) -> Option<Vec<(Value<'static>, Direction)>> {
        if self.marks.len() != plan.order.len() {
            return None;
        }
        let marks = self.marks.iter().cloned().zip(&plan.order);
        marks.map(|(mark, (column, direction))| Some((mark.value(column)?, *direction))).collect()
    }
}

/// What signs and reads the tokens of one caller and one question.
#[derive(Clone, Copy)]
pub(super) struct Seal<'a> {
    signer: &'a Signer,
    scope: &'a str,
    question: &'a str,
}

impl Seal<'_> {
    fn over(&self, payload: &[u8]) -> Result<Hmac<Sha256>, ODataError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.signer.key).map_err(|_| refused())?;
        mac.update(PURPOSE);
        for part in [self.scope.as_bytes(), self.question.as_bytes(), payload] {
            // Lengths first: two different triples never run together to the same bytes.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        Ok(mac)
    }

    pub(super) fn write(&self, progress: &Progress) -> Result<String, ODataError> {
        let payload = serde_json::to_vec(progress).map_err(|_| refused())?;
        let signature = self.over(&payload)?.finalize().into_bytes();
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Reads a token that is ours, for this question and caller, and not too old.
    pub(super) fn read(&self, token: &str, now: Timestamp) -> Result<Progress, ODataError> {
        let (payload, signature) = token.split_once('.').ok_or_else(refused)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| refused())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused())?;
        self.over(&payload)?.verify_slice(&signature).map_err(|_| refused())?;
        let progress: Progress = serde_json::from_slice(&payload).map_err(|_| refused())?;
        if now.since(Timestamp::from_seconds(progress.made_at)) > LIFETIME_SECONDS {
            return Err(refused());
        }
        Ok(progress)
    }
}

/// One refusal for whatever is wrong with a token.
pub(super) fn refused() -> ODataError {
    let message = "the `$skiptoken` is not one of ours, is older than 24 hours, or belongs to another question or caller; \
                   ask again from the first page";
    ODataError::new(StatusCode::BAD_REQUEST, "cursor_invalid", message).about("$skiptoken")
}

/// The refusal of a page whose order has moved under the reader.
pub(super) fn moved_on() -> ODataError {
    let message = "the data changed since the first page and the order is not by `item_key` alone, so rows could repeat; \
                   ask again from the first page";
    ODataError::new(StatusCode::BAD_REQUEST, "cursor_invalid", message).about("$skiptoken")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn progress() -> Progress {
        Progress {
            made_at: NOW.seconds(),
            as_of: 999_000,
            revision: 4,
            greatest_key: 90,
            delivered: 20,
            page_rows: 10,
            key: 17,
            marks: vec![Mark::Null, Mark::Boolean(true), Mark::Number(-5), Mark::Text("a.b".to_owned())],
        }
    }

    #[test]
    fn a_position_is_read_back_by_its_own_caller_for_its_own_question_within_a_day() {
        let signer = Signer::new().unwrap();
        let token = signer.seal("org 1", "$top=5").write(&progress()).unwrap();
        assert_eq!(signer.seal("org 1", "$top=5").read(&token, NOW.plus(DAY_SECONDS)), Ok(progress()));
        assert_eq!(signer.seal("org 1", "$top=5").read(&token, NOW.plus(DAY_SECONDS + 1)), Err(refused()));
        for (scope, question) in [("org 1", "$top=6"), ("org 2", "$top=5"), ("org 1$", "top=5")] {
            assert_eq!(signer.seal(scope, question).read(&token, NOW), Err(refused()));
        }
    }

    #[test]
    fn what_this_server_did_not_write_is_refused() {
        let (ours, theirs) = (Signer::new().unwrap(), Signer::new().unwrap());
        let good = ours.seal("", "").write(&progress()).unwrap();
        let foreign = theirs.seal("", "").write(&progress()).unwrap();
        let (payload, signature) = good.split_once('.').unwrap();
        let longer = URL_SAFE_NO_PAD.encode(br#"{"t":1}"#);
        let cases = [
            String::new(),
            ".".to_owned(),
            payload.to_owned(),
            format!("{payload}."),
            format!("{longer}.{signature}"),
            format!("A{good}"),
            good.to_lowercase(),
            foreign,
        ];
        for token in cases {
            assert_eq!(ours.seal("", "").read(&token, NOW), Err(refused()), "{token}");
        }
    }
}
