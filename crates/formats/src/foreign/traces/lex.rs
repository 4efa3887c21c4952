//! Where does a scan of XML stand between two bytes?

/// Where a scan stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lex {
    Text,
    /// After `<`.
    Open,
    /// After `<!`.
    Bang,
    /// After `<!-`.
    Dash,
    /// Inside a comment, after so many dashes.
    Comment(u8),
    /// After `<![` and so many letters of `CDATA[`.
    Section(u8),
    /// Inside such a section, after so many brackets.
    CData(u8),
    /// Inside `<? ?>`; the flag says that the last byte was `?`.
    Instruction(bool),
    StartTag(Tag),
    EndTag,
    /// After `&`, in a text or in quotes.
    Reference(Option<u8>),
}

/// Where a scan stands inside a start tag.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) quote: Option<u8>,
    /// Whether the last byte was a slash.
    pub(super) slash: bool,
    /// Whether the name goes on.
    pub(super) naming: bool,
}

/// A piece of markup that is complete.
pub(super) enum Token {
    Start,
    End,
    Empty,
}

/// Inside what ends with two of a byte and `>`.
pub(super) fn run_of(byte: u8, sign: u8, before: u8, inside: fn(u8) -> Lex) -> Lex {
    match byte {
        b'>' if before >= 2 => Lex::Text,
        byte if byte == sign => inside(before.saturating_add(1)),
        _ => inside(0),
    }
}
