//! One id type a table. They are made from integers in `store` alone, and carry no arithmetic.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id of a stored row.
            #[must_use]
            pub const fn from_row(value: i64) -> Self {
                Self(value)
            }

            /// The number to bind in a statement.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }
    )+};
}

ids! {
    /// An organisation.
    OrgId,
    /// One weakness on one asset, identity or service, as the database knows it.
    ItemKey,
    /// The place of an event in the log.
    EventSeq,
    /// A batch of events that was committed together.
    BatchId,
    /// A registered source.
    SourceId,
    /// An import of a file.
    ImportId,
    /// A line held back with its reason.
    QuarantineId,
    /// A person.
    PersonId,
    /// An API token.
    TokenId,
    /// The rising number of a change to the facts.
    Revision,
}
