//! What one call of a plugin may use. The figures are part of the plugin contract: the same document gets the same verdict everywhere.

use std::time::Duration;

pub use plimsoll_artefact::{MEMORY_LIMIT, STACK_LIMIT};

/// Stack that a thread needs which runs plugins: WebAssembly's own and generous room for the host around it. What rayon and the standard
/// library give by default.
pub const THREAD_STACK: usize = 2 << 20;
/// Elements of all tables of an instance.
pub const TABLE_ELEMENTS: usize = 4096;
/// Core instances, memories and tables of a component.
pub(crate) const PARTS: usize = 32;
/// Fuel of `describe` and `configure`, which read settings and users' rules.
pub const SETUP_FUEL: u64 = 2_000_000_000;
/// Wall time of `describe` and `configure`.
pub const SETUP_DEADLINE: Duration = Duration::from_secs(10);
/// Fuel of a call before its nodes are counted; also what starting an instance gets.
pub const FUEL: u64 = 200_000_000;
/// Fuel per node of the judged unit.
pub const FUEL_PER_NODE: u64 = 100_000;
/// Most fuel of one call.
pub const FUEL_MAX: u64 = 20_000_000_000;
/// Findings that any unit may have; a large one may have one for every fourth node.
pub const FINDINGS: usize = 1_000;
/// Bytes of results: texts, and 32 for each record.
pub const RESULT_BYTES: usize = 4 << 20;
/// Bytes that the host will lift out of a plugin's memory before it counts. Bounds what a hostile result costs us.
pub(crate) const LIFT_BYTES: usize = 64 << 20;
/// Notes of one call.
pub const NOTES: usize = 64;
/// Bytes of a note.
pub const NOTE_BYTES: usize = 1024;
/// What a note costs in fuel: it is a call into the host.
pub(crate) const NOTE_FUEL: u64 = 10_000;
/// Calls after which a reused instance is replaced.
pub const UNITS_PER_INSTANCE: u32 = 256;
/// Bytes of memory above which a reused instance is replaced.
pub const REUSED_MEMORY: usize = 32 << 20;
/// Calls that isolating a failing rule may cost for one unit.
pub const ISOLATION_CALLS: u32 = 64;
/// How exact deadlines are.
pub const TICK: Duration = Duration::from_millis(10);

/// Worst time that a unit of fuel was stretched to (loads that miss every cache), with room for a slower machine.
const WORST_NANOSECONDS_PER_FUEL: u64 = 30;

/// Fuel for a unit of so many nodes.
pub const fn fuel(nodes: u64) -> u64 {
    let fuel = FUEL + nodes.saturating_mul(FUEL_PER_NODE);
    if fuel > FUEL_MAX { FUEL_MAX } else { fuel }
}

/// Findings for a unit of so many nodes.
pub const fn findings(nodes: u64) -> usize {
    let share = (nodes / 4) as usize;
    if share > FINDINGS { share } else { FINDINGS }
}

/// Whether that much fuel ends before the deadline on any machine, so that nobody need look at the clock.
pub(crate) fn fuel_is_enough(fuel: u64, deadline: Duration) -> bool {
    u128::from(fuel) * u128::from(WORST_NANOSECONDS_PER_FUEL) < deadline.as_nanos()
}
