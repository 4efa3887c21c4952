//! What cargo says about the workspace.

use std::process::Command;

use serde_json::Value;

use crate::tree;

/// A crate of the workspace as `cargo metadata` lists it.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// Name and what it turns on.
    pub(crate) features: Vec<(String, Vec<String>)>,
}

/// One line of a `[dependencies]` or `[build-dependencies]` table.
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) is_for_tests: bool,
    pub(crate) is_optional: bool,
    pub(crate) default_features: bool,
    pub(crate) features: Vec<String>,
}

impl Member {
    /// Dependencies of the product: what its tests use besides says nothing about the walls.
    pub(crate) fn of_product(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| !dependency.is_for_tests)
    }

    pub(crate) fn folder(&self) -> String {
        match self.name.as_str() {
            "app" | "server" => self.name.clone(),
            name => format!("crates/{name}"),
        }
    }
}

pub(crate) fn members() -> Vec<Member> {
    let text = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    metadata["packages"].as_array().unwrap().iter().map(member).collect()
}

fn member(package: &Value) -> Member {
    let features = package["features"].as_object().unwrap();
    Member {
        name: word(&package["name"]),
        dependencies: package["dependencies"].as_array().unwrap().iter().map(dependency).collect(),
        features: features.iter().map(|(name, turned_on)| (name.clone(), words(turned_on))).collect(),
    }
}

fn dependency(line: &Value) -> Dependency {
    Dependency {
        name: word(&line["name"]),
        is_for_tests: line["kind"] == "dev",
        is_optional: line["optional"] == true,
        default_features: line["uses_default_features"] == true,
        features: words(&line["features"]),
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(word).collect()
}

/// Runs cargo in the workspace and returns what it printed.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).current_dir(tree::root()).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {} failed: {error}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}
