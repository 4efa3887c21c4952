//! Why does work wait? The closed list of words for it.

use crate::closed_list::closed_list;
use std::str::FromStr;

closed_list! {
    /// Why work waits, or why a risk was accepted.
    ReasonCode {
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
}

/// A word outside the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown reason code `{0}`")]
pub struct UnknownReasonCode(pub String);

impl FromStr for ReasonCode {
    type Err = UnknownReasonCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text).ok_or_else(|| UnknownReasonCode(text.to_owned()))
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
