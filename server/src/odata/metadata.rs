//! What does the feed offer? The service document and `$metadata`, both made from the list of columns.

use super::{
    columns::{COLUMNS, Column, KEY, TEXT_LENGTH_MAX},
    function::Function,
    negotiate::Detail,
    resource::SET,
    value::EdmType,
};
use serde_json::{Map, Value, json};

const ABOUT_SET: &str = "One row for each weakness on one asset, identity or service, cut at the end of the view. \
                         A null is unknown, never zero.";

/// Vocabularies that the annotations come from: address, namespace, alias.
const VOCABULARIES: [(&str, &str, &str); 3] = [
    ("https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1", "Org.OData.Core.V1", "Core"),
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1",
        "Org.OData.Capabilities.V1",
        "Capabilities",
    ),
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Measures.V1",
        "Org.OData.Measures.V1",
        "Measures",
    ),
];

/// What the set can do: term and whether it is so.
const SET_CAN: [(&str, bool); 3] = [("TopSupported", true), ("SkipSupported", true), ("IndexableByKey", true)];

/// What a record of restrictions says: term, property, value.
const RESTRICTIONS: [(&str, &str, bool); 9] = [
    ("CountRestrictions", "Countable", true),
    ("FilterRestrictions", "Filterable", true),
    ("SortRestrictions", "Sortable", true),
    ("SelectSupport", "Supported", true),
    ("ExpandRestrictions", "Expandable", false),
    ("SearchRestrictions", "Searchable", false),
    ("InsertRestrictions", "Insertable", false),
    ("UpdateRestrictions", "Updatable", false),
    ("DeleteRestrictions", "Deletable", false),
];

/// The service document; `root` ends without a slash.
pub(super) fn service_document(root: &str, detail: Detail) -> String {
    let mut document = Map::new();
    if detail != Detail::None {
        document.insert("@odata.context".to_owned(), json!(format!("{root}/$metadata")));
    }
    document.insert("value".to_owned(), json!([{ "name": SET, "kind": "EntitySet", "url": SET }]));
    Value::Object(document).to_string()
}

/// The service, described in XML.
pub(super) fn xml() -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n",
    );
    for (address, namespace, alias) in VOCABULARIES {
        out.push_str(&format!(
            " <edmx:Reference Uri=\"{address}.xml\">\n  <edmx:Include Namespace=\"{namespace}\" Alias=\"{alias}\"/>\n </edmx:Reference>\n"
        ));
    }
    out.push_str(
        " <edmx:DataServices>\n  <Schema Namespace=\"wallclock\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n   \
         <EntityType Name=\"Item\">\n",
    );
    out.push_str(&format!("    <Key>\n     <PropertyRef Name=\"{KEY}\"/>\n    </Key>\n"));
    COLUMNS.iter().for_each(|column| out.push_str(&property(column)));
    out.push_str("   </EntityType>\n   <EntityContainer Name=\"Container\">\n");
    out.push_str("    <Annotation Term=\"Capabilities.BatchSupported\" Bool=\"false\"/>\n");
    out.push_str("    <Annotation Term=\"Capabilities.AsynchronousRequestsSupported\" Bool=\"false\"/>\n");
    out.push_str("    <Annotation Term=\"Capabilities.FilterFunctions\">\n     <Collection>\n");
    for function in Function::ALL {
        out.push_str(&format!("      <String>{}</String>\n", function.name()));
    }
    out.push_str("     </Collection>\n    </Annotation>\n");
    out.push_str(&format!("    <EntitySet Name=\"{SET}\" EntityType=\"wallclock.Item\">\n"));
    out.push_str(&text_annotation(5, "Core.Description", ABOUT_SET));
    for (term, yes) in SET_CAN {
        out.push_str(&format!("     <Annotation Term=\"Capabilities.{term}\" Bool=\"{yes}\"/>\n"));
    }
    for (term, name, yes) in RESTRICTIONS {
        out.push_str(&format!(
            "     <Annotation Term=\"Capabilities.{term}\">\n      <Record>\n       <PropertyValue Property=\"{name}\" Bool=\"{yes}\"/>\n      \
             </Record>\n     </Annotation>\n"
        ));
    }
    out.push_str("    </EntitySet>\n   </EntityContainer>\n  </Schema>\n </edmx:DataServices>\n</edmx:Edmx>\n");
    out
}

fn property(column: &Column) -> String {
    let facets = match column.edm {
        EdmType::String => format!(" MaxLength=\"{TEXT_LENGTH_MAX}\""),
        EdmType::DateTimeOffset => " Precision=\"0\"".to_owned(),
        EdmType::Boolean | EdmType::Int64 | EdmType::Double | EdmType::Date => String::new(),
    };
    let mut out = format!(
        "    <Property Name=\"{}\" Type=\"Edm.{}\" Nullable=\"{}\"{facets}>\n",
        column.name,
        column.edm.name(),
        column.nullable
    );
    out.push_str(&text_annotation(5, "Core.Description", column.about));
    if let Some(unit) = column.unit {
        out.push_str(&text_annotation(5, "Measures.Unit", unit));
    }
    out.push_str("    </Property>\n");
    out
}

fn text_annotation(indent: usize, term: &str, text: &str) -> String {
    format!("{:indent$}<Annotation Term=\"{term}\" String=\"{}\"/>\n", "", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The service, described in JSON.
pub(super) fn csdl_json() -> String {
    let mut references = Map::new();
    for (address, namespace, alias) in VOCABULARIES {
        let include = json!({ "$Include": [{ "$Namespace": namespace, "$Alias": alias }] });
        references.insert(format!("{address}.json"), include);
    }
    let mut set = Map::new();
    set.insert("$Collection".to_owned(), json!(true));
    set.insert("$Type".to_owned(), json!("wallclock.Item"));
    set.insert("@Core.Description".to_owned(), json!(ABOUT_SET));
    for (term, yes) in SET_CAN {
        set.insert(format!("@Capabilities.{term}"), json!(yes));
    }
    for (term, name, yes) in RESTRICTIONS {
        set.insert(format!("@Capabilities.{term}"), json!({ name: yes }));
    }
    let functions: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
    let container = json!({
        "$Kind": "EntityContainer",
        "@Capabilities.BatchSupported": false,
        "@Capabilities.AsynchronousRequestsSupported": false,
        "@Capabilities.FilterFunctions": functions,
        SET: set,
    });
    json!({
        "$Version": "4.0",
        "$EntityContainer": "wallclock.Container",
        "$Reference": references,
        "wallclock": { "Item": json_type(), "Container": container },
    })
    .to_string()
}

fn json_type() -> Value {
    let mut item = Map::new();
    item.insert("$Kind".to_owned(), json!("EntityType"));
    item.insert("$Key".to_owned(), json!([KEY]));
    for column in &COLUMNS {
        let mut property = Map::new();
        if column.edm != EdmType::String {
            property.insert("$Type".to_owned(), json!(format!("Edm.{}", column.edm.name())));
        }
        if column.edm == EdmType::String {
            property.insert("$MaxLength".to_owned(), json!(TEXT_LENGTH_MAX));
        }
        if column.nullable {
            property.insert("$Nullable".to_owned(), json!(true));
        }
        property.insert("@Core.Description".to_owned(), json!(column.about));
        if let Some(unit) = column.unit {
            property.insert("@Measures.Unit".to_owned(), json!(unit));
        }
        item.insert(column.name.to_owned(), Value::Object(property));
    }
    Value::Object(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_descriptions_name_every_column_with_its_type_and_definition() {
        let (xml, json) = (xml(), csdl_json());
        let json: Value = serde_json::from_str(&json).unwrap();
        for column in &COLUMNS {
            assert!(xml.contains(&format!("<Property Name=\"{}\" Type=\"Edm.{}\"", column.name, column.edm.name())));
            assert!(xml.contains(&escaped(column.about)), "{}", column.name);
            assert_eq!(json["wallclock"]["Item"][column.name]["@Core.Description"], column.about);
        }
        assert!(!COLUMNS[0].nullable, "a key is never unknown");
    }
}
