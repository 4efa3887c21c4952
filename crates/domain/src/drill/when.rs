//! How is a moment of a record written as JSON? As RFC 3339, or not at all.

use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(super) fn serialize<S: Serializer>(moment: &Option<Timestamp>, out: S) -> Result<S::Ok, S::Error> {
    moment.map(|moment| moment.to_string()).serialize(out)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(input)?;
    text.map(|text| Timestamp::parse(&text).map_err(D::Error::custom)).transpose()
}
