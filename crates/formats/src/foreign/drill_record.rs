//! Drill records as Wallclock defines them: bare, or as the data of CloudEvents.

use super::{Adapter, Clock, Given, Shape, Translate, Understood, head::Head};
use crate::{
    drill,
    held::{Fault, Held, shown},
    json::{Members, Value},
};
use domain::quarantine::Reason;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "wallclock-drill",
    title: "Wallclock drill records",
    recognise,
    begin: |settings| Box::new(Records { clock: Clock::of(settings) }),
};

/// The same where nothing else can be meant: whatever is JSON is read as records, so that a faulty one is told of.
pub const DRILLS: Adapter = Adapter { recognise: any_json, ..ADAPTER };

fn any_json(head: &Head<'_>) -> Option<Shape> {
    let is_lines = head.is_object() && head.first_line().is_some();
    (head.is_object() || head.is_array()).then_some(if is_lines { Shape::Lines } else { Shape::Elements })
}

/// The type under which a drill record travels.
const DRILL_TYPE: &str = "wallclock.drill.v1";

/// Lists no other format of ours or of a tool has at the top of a record.
const LISTS: [&str; 6] = ["injects", "objectives", "decisions", "detections", "participants", "recommendations"];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    if let Some(first) = head.first_line() {
        return is_drill(&first).then_some(Shape::Lines);
    }
    match head.first_element() {
        Some(first) => is_drill(&first).then_some(Shape::Elements),
        // The first record is longer than what is looked at; its lists show all the same.
        None => {
            let is_long = (head.is_object() || head.is_array())
                && head.mentions(&["id", "started_at"])
                && LISTS.iter().any(|list| head.mentions(&[list]));
            let shape = if head.is_array() || head.text().contains('\n') { Shape::Elements } else { Shape::Lines };
            is_long.then_some(shape)
        }
    }
}

fn is_drill(value: &Value<'_>) -> bool {
    if value.at(&["specversion"]).is_some() {
        return value.text_at(&["type"]) == Some(DRILL_TYPE);
    }
    let has_list = LISTS.iter().any(|list| matches!(value.at(&[list]), Some(Value::List(_))));
    let is_bare = value.at(&["started_at"]).is_some() && value.at(&["scenario"]).is_some();
    value.at(&["id"]).is_some() && value.at(&["item_id"]).is_none() && (has_list || is_bare)
}

struct Records {
    clock: Clock,
}

impl Translate for Records {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        match members(value) {
            Ok(members) => drill::understand(members, &self.clock, understood),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
    }
}

/// The members of the record: those of the value, or of the data it carries.
fn members<'v>(value: &'v Value<'v>) -> Result<&'v Members<'v>, Fault> {
    let Value::Map(members) = value else {
        return Err(Fault::whole(Reason::Unreadable, format!("the record is {}, expected an object", value.what())));
    };
    let Some(version) = value.at(&["specversion"]) else { return Ok(members) };
    if version.as_text() != Some("1.0") {
        let detail = "`specversion` is not `1.0`, the only one that is read".to_owned();
        return Err(Fault::of("specversion", Reason::BadValue, detail));
    }
    let kind = value.text_at(&["type"]).unwrap_or_default();
    if kind != DRILL_TYPE {
        let detail = format!("unknown type `{}`, expected `{DRILL_TYPE}`", shown(kind));
        return Err(Fault::of("type", Reason::UnknownType, detail).hint("send records of one type in one file"));
    }
    match value.at(&["data"]) {
        Some(Value::Map(data)) => Ok(data),
        _ => Err(Fault::of("data", Reason::MissingField, "no `data`, which is the record".to_owned())),
    }
}
