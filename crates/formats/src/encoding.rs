//! In which ways can canonical events be written down?

/// How records are written in a file or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// One JSON object a line.
    Ndjson,
    /// A JSON array, or a single object.
    Json,
    /// A table whose header names the fields.
    Csv {
        /// The byte between cells.
        delimiter: u8,
    },
    /// One CloudEvents envelope, or several in an array.
    CloudEvents,
    /// One CloudEvents envelope a line.
    CloudEventLines,
}

impl Encoding {
    /// The encoding that a media type names; parameters such as `charset` are left out of account.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(Self::Ndjson),
            "application/json" => Some(Self::Json),
            "text/csv" => Some(Self::Csv { delimiter: b',' }),
            "application/cloudevents+json" | "application/cloudevents-batch+json" => Some(Self::CloudEvents),
            _ => None,
        }
    }

    /// The media types that are read, for a message.
    pub const MEDIA_TYPES: &'static [&'static str] = &[
        "application/x-ndjson",
        "application/json",
        "text/csv",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
    ];

    /// Its name, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Json => "JSON",
            Self::Csv { .. } => "CSV",
            Self::CloudEvents | Self::CloudEventLines => "CloudEvents",
        }
    }
}
