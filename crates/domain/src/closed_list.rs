//! What do the closed lists of words have in common? All their words, each as it is written, and a small code to store.

/// Writes a closed list: an enum whose variants are its words.
macro_rules! closed_list {
    ($(#[$doc:meta])* $list:ident { $($(#[$of:meta])* $name:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $list { $($(#[$of])* $name),+ }

        impl $list {
            /// The whole list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// A small code for what is stored: the place in the list, which only grows at its end.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The word with that code.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use closed_list;
