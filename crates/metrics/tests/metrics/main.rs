//! The formulas, told in days: cases worked by hand, properties, and a second implementation as judge.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, its numbers are small, and its judge does not share our logarithm"
)]

mod agents;
mod agents_over_time;
mod alignments;
mod backlog_ahead;
mod batches;
mod bootstrap_by_hand;
mod bootstrap_judge;
mod catalogue;
mod catalogue_agents;
mod catalogue_examples;
mod columns_draws;
mod columns_judge;
mod day_tables;
mod deviations;
mod differences;
mod distortions;
mod exits_and_decisions;
mod filter;
mod flow_and_backlog;
mod guards;
mod histories;
mod order_free;
mod past_forecasts;
mod process_and_money;
mod process_measures;
mod scores;
mod special_functions;
mod support;
mod survival_brackets;
mod survival_by_hand;
mod survival_judge;
mod ticket_side;
mod trends;
mod vectors;
