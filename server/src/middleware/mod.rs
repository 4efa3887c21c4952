//! What happens to every request before and after its handler?

pub mod body_bounds;
pub mod gate;
pub mod headers;
pub mod host;
pub mod path_check;
pub mod places;
pub mod problem_mapper;
pub mod rates;
pub mod request_facts;
