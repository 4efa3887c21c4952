//! One file a chart: a plain model of numbers and words in, an SVG out. No figure is computed here.
//!
//! The words of a model come ready to be read (rounded, with their unit); the numbers beside them say where to draw.

mod axis;
mod group_intervals;
mod label_look;
mod label_split;
mod pair_bar;
mod place;
mod sparkline;
mod survival;
mod survival_curve;
mod survival_groups;
mod survival_single;
mod trend;
mod two_clocks;
mod two_clocks_events;
mod two_clocks_narrow;
mod two_clocks_wide;
mod waterfall;

pub use group_intervals::{Group, GroupIntervals, GroupMedian, group_intervals};
pub use label_look::{DRAWING_ORDER, label_letter, label_name};
pub use label_split::{LabelPart, LabelSplit, label_split};
pub use pair_bar::{PairBar, PairSide, pair_bar};
pub use sparkline::{Sparkline, sparkline};
pub use survival::{AtRisk, Curve, CurvePoint, Promise, QuantileMark, ReportedPoint, Survival, survival};
pub use trend::{Trend, TrendBreak, TrendMonth, trend};
pub use two_clocks::{Band, ClockEvent, Ending, EventWeight, Record, SlaNote, Span, TwoClocks, two_clocks};
pub use waterfall::{Waterfall, WaterfallEnd, WaterfallStep, waterfall};
