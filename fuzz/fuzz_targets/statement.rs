//! Bytes that are read as statements.
#![no_main]

#[path = "../../crates/evidence/tests/hostile/entry.rs"]
#[allow(dead_code, reason = "each target has one entry of them")]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::statement(bytes));
