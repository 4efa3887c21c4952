//! Issues of Jira, in every shape in which they come.

mod issue;

mod bad_input;
mod life;
mod rules;
mod shapes;
mod table;
