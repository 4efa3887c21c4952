//! Rebuilds the crate when a migration file is added: the `migrate!` macro only notices files it already knew.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
