//! Bytes that are ingested as photos.
#![no_main]

#[path = "../../crates/sheet/tests/zoo/entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::picture(bytes));
