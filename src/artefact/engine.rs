//! The one engine configuration.

use crate::Error;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use wasmtime::{Config, Engine, OperatorCost};

/// The target triple this crate was compiled for.
pub const TARGET: &str = env!("PLIMSOLL_TARGET");

/// Bytes of linear memory that one instance may use, all its memories together.
pub const MEMORY_LIMIT: usize = 64 << 20;

/// Bytes of native stack that WebAssembly may use. A thread that runs plugins needs this much and room for the host's own frames.
pub const STACK_LIMIT: usize = 512 << 10;

/// How every engine is configured that makes or loads a plugin's code for `target`.
///
/// Fuel gives the same verdict on a slow machine as on a fast one; epochs stop what stretches fuel (cache misses). Both are compiled in
/// always, so that one artefact serves command line, editor and webhook. The target is named even where it is the builder's own: otherwise
/// Cranelift would use what the builder's CPU has and a user's may lack.
///
/// # Errors
/// When Cranelift does not know the target.
pub fn engine_config(target: &str) -> Result<Config, Error> {
    let mut config = Config::new();
    config.target(target).map_err(|error| Error::Compile(error.to_string()))?;
    config.consume_fuel(true);
    config.epoch_interruption(true);
    config.max_wasm_stack(STACK_LIMIT);
    config.operator_cost(operator_cost());
    // The same bits on every machine: a verdict must not hang on a CPU's choice of NaN.
    config.cranelift_nan_canonicalization(true);
    config.relaxed_simd_deterministic(true);
    // Nobody reads wasm backtraces here, and both tables cost load time and size.
    config.generate_address_map(false);
    if !target.contains("windows") {
        config.native_unwind_info(false);
    }
    Ok(config)
}

/// Growing memory is a system call, which a flat price of one unit would give away.
fn operator_cost() -> OperatorCost {
    let mut cost = OperatorCost::new();
    cost.MemoryGrow = u8::MAX;
    cost.TableGrow = u8::MAX;
    cost.variable.memory_grow_per_page = u8::MAX;
    cost
}

/// A number that is equal for two engines if the one loads the native code of the other.
pub fn compatibility(engine: &Engine) -> u64 {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}
