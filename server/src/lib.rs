//! The server of Wallclock: configuration, routes, sign-in, the interfaces for programs, and the `wallclock` command.

// Pages nest types deeper than the default allows.
#![recursion_limit = "512"]

pub mod api;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod config;
pub mod export;
pub mod extract;
pub mod health;
pub mod limits;
pub mod middleware;
pub mod odata;
pub mod own_tokens;
pub mod own_webhooks;
pub mod pages;
pub mod problem;
pub mod problem_page;
pub mod problem_pages;
pub mod renderer;
pub mod reports;
pub mod routes;
pub mod serve;
pub mod sign_in;
pub mod source_clocks;
pub mod source_plans;
pub mod state;
pub mod telemetry;
pub mod uploads;
pub mod webhook;
