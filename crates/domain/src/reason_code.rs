//! Why does work wait? The closed list of words for it.

use std::{fmt, str::FromStr};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Why work waits, or why a risk was accepted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReasonCode { $($(#[$doc])* $name),+ }

        impl ReasonCode {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// A small code for stored facts: the place in the list, which only grows at its end.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The reason with that code.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }

        impl FromStr for ReasonCode {
            type Err = UnknownReasonCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$name),)+ other => Err(UnknownReasonCode(other.to_owned())) }
            }
        }
    };
}

codes! {
    /// Nobody has time.
    Capacity = "capacity",
    /// Something else goes first.
    Priority = "priority",
    /// Who owns it, or what hangs on it, is not known.
    Context = "context",
    /// Somebody has to allow it.
    Approval = "approval",
    /// The system may be changed at certain times only.
    ChangeWindow = "change_window",
    /// Something else has to be done before.
    Dependency = "dependency",
    /// The maker has no fix yet.
    Vendor = "vendor",
    /// Whoever reported it has to answer.
    Caller = "caller",
    /// Another control covers it.
    Control = "control",
    /// The business needs it as it is.
    BusinessNeed = "business_need",
    /// The risk is small enough.
    Tolerable = "tolerable",
    /// It lies outside what is looked after.
    OutOfScope = "out_of_scope",
    /// Nobody looks any more.
    CheckDisabled = "check_disabled",
    /// The ticket was called off.
    Cancelled = "cancelled",
    /// It is known under another ticket.
    Duplicate = "duplicate",
    /// Something else.
    Other = "other",
}

/// A word outside the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown reason code `{0}`")]
pub struct UnknownReasonCode(pub String);

impl fmt::Display for ReasonCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_and_every_code_reads_back() {
        for reason in ReasonCode::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
            assert_eq!(ReasonCode::from_code(reason.code()), Some(*reason));
        }
        assert_eq!("weather".parse::<ReasonCode>(), Err(UnknownReasonCode("weather".to_owned())));
        assert_eq!(ReasonCode::from_code(16), None);
    }
}
