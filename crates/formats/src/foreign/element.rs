//! What does one piece of XML say: elements, their attributes, and the elements in them?

use crate::held::{Fault, shown_up_to};
use domain::quarantine::Reason;
use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

/// Nesting beyond this is refused; a record stands inside the root, which is the first level.
const DEPTH_MAX: usize = 64;

/// More attributes than this in one element are refused: comparing their names costs the square of their number.
const ATTRIBUTES_MAX: usize = 64;

/// An element of a record. Text between elements is not kept: event logs say everything in attributes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name without a prefix.
    pub(crate) name: Box<str>,
    /// The elements in it.
    pub(crate) children: Vec<Self>,
    attributes: Vec<(Box<str>, Box<str>)>,
}

impl Element {
    /// Reads a record that is one element.
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        loop {
            let event = reader.read_event().map_err(|error| broken(&error.to_string()))?;
            let closed = match event {
                Event::Start(start) => {
                    if open.len().saturating_add(2) > DEPTH_MAX {
                        return Err(broken(&format!("nested deeper than {DEPTH_MAX} levels")));
                    }
                    open.push(Self::of(&start)?);
                    continue;
                }
                Event::Empty(start) => Self::of(&start)?,
                Event::End(_) => open.pop().ok_or_else(|| broken("an end without a start"))?,
                Event::Eof => return Err(broken("it is cut off")),
                Event::DocType(_) => return Err(broken("a document type")),
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::GeneralRef(_) => continue,
            };
            match open.last_mut() {
                Some(outer) => outer.children.push(closed),
                None => return Ok(closed),
            }
        }
    }

    fn of(start: &BytesStart<'_>) -> Result<Self, Fault> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| broken(&error.to_string()))?;
            if attributes.len() >= ATTRIBUTES_MAX {
                return Err(broken(&format!("more than {ATTRIBUTES_MAX} attributes in one element")));
            }
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| broken(&error.to_string()))?;
            attributes.push((attribute.key.as_ref().into(), value.as_ref().into()));
        }
        let name = start.local_name();
        Ok(Self { name: name.as_ref().into(), attributes, children: Vec::new() })
    }

    /// What an attribute says.
    pub(crate) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name.as_ref() == attribute).map(|(_, value)| value.as_ref())
    }
}

/// Sentences of the reader quote names as long as somebody wrote them.
fn broken(what: &str) -> Fault {
    Fault::whole(Reason::Unreadable, format!("not XML: {}", shown_up_to(200, what))).code("xml_syntax")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_end_makes_no_message_without_end() {
        let fault = Element::read(&format!("<trace></{}>", "null".repeat(1_000))).unwrap_err();
        assert!(fault.detail.starts_with("not XML: ") && fault.detail.ends_with('…'), "{fault:?}");
        assert!(fault.detail.len() < 300, "{fault:?}");
    }

    #[test]
    fn elements_keep_their_attributes_with_references_resolved() {
        let read = Element::read("<x:trace a='1&amp;2' b=\"&#65;\"> t <event><string key='k'/></event><e/></x:trace>")
            .unwrap();
        assert_eq!(
            (read.name.as_ref(), read.get("a"), read.get("b"), read.get("c")),
            ("trace", Some("1&2"), Some("A"), None)
        );
        assert_eq!(read.children.len(), 2);
        assert_eq!(read.children[0].children[0].get("key"), Some("k"));
    }

    #[test]
    fn what_is_not_well_formed_or_too_deep_is_told() {
        for text in ["<a><b></a>", "<a", "<a>", "<a b/>", "<a b=c/>", "<a b='1' b='2'/>", "<a b='&x;'/>", ""] {
            assert_eq!(Element::read(text).unwrap_err().reason, Reason::Unreadable, "{text}");
        }
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Element::read(&nested(DEPTH_MAX - 1)).is_ok());
        assert!(Element::read(&nested(DEPTH_MAX)).is_err());
        let wide = |count: usize| format!("<a {}/>", (0..count).map(|name| format!("a{name}='' ")).collect::<String>());
        assert!(Element::read(&wide(ATTRIBUTES_MAX)).is_ok());
        assert!(Element::read(&wide(100_000)).is_err());
    }
}
