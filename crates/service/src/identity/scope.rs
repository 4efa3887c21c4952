//! What may a token be allowed? A closed list of scopes.

use std::str::FromStr;

/// A word that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope `{word}`, expected one of: {known}", word = .0, known = Scope::words())]
pub struct UnknownScope(pub String);

/// What a token was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Figures, items and drills as JSON.
    ReadApi,
    /// The OData feed and bulk files.
    ReadBi,
    /// Reports.
    ReadReports,
    /// The audit trail.
    ReadAudit,
    /// The server's own metrics.
    ReadMetrics,
    /// Send events.
    WriteEvents,
    /// Import files.
    WriteImports,
    /// Release and dismiss held lines.
    WriteQuarantine,
    /// Record drills.
    WriteDrills,
    /// Registers.
    WriteRegisters,
    /// What the world says of weaknesses.
    WriteReferences,
    /// Drafts of reports.
    MakeReports,
}

impl Scope {
    /// All scopes.
    pub const ALL: &'static [Self] = &[
        Self::ReadApi,
        Self::ReadBi,
        Self::ReadReports,
        Self::ReadAudit,
        Self::ReadMetrics,
        Self::WriteEvents,
        Self::WriteImports,
        Self::WriteQuarantine,
        Self::WriteDrills,
        Self::WriteRegisters,
        Self::WriteReferences,
        Self::MakeReports,
    ];

    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadApi => "read:api",
            Self::ReadBi => "read:bi",
            Self::ReadReports => "read:reports",
            Self::ReadAudit => "read:audit",
            Self::ReadMetrics => "read:metrics",
            Self::WriteEvents => "write:events",
            Self::WriteImports => "write:imports",
            Self::WriteQuarantine => "write:quarantine",
            Self::WriteDrills => "write:drills",
            Self::WriteRegisters => "write:registers",
            Self::WriteReferences => "write:references",
            Self::MakeReports => "make:reports",
        }
    }

    fn words() -> String {
        Self::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Reads `a,b,c`: at least one scope, each once, in the order of the list.
    ///
    /// # Errors
    /// [`UnknownScope`] with the first word that is none; an empty list is the empty word.
    pub fn list(text: &str) -> Result<Vec<Self>, UnknownScope> {
        let mut scopes: Vec<Self> =
            text.split(',').map(|word| word.trim().parse()).collect::<Result<_, UnknownScope>>()?;
        scopes.sort_unstable();
        scopes.dedup();
        Ok(scopes)
    }

    /// Writes scopes as [`Scope::list`] reads them.
    #[must_use]
    pub fn join(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_once_each_and_written_back() {
        let scopes = Scope::list("write:events, read:api,read:api").unwrap();
        assert_eq!(scopes, [Scope::ReadApi, Scope::WriteEvents]);
        assert_eq!(Scope::join(&scopes), "read:api,write:events");
    }

    #[test]
    fn an_unknown_or_missing_scope_is_refused_with_the_list() {
        for text in ["", "read", "read:api,", "READ:API"] {
            let error = Scope::list(text).unwrap_err().to_string();
            assert!(error.contains("write:events"), "{error}");
        }
    }
}
