//! Texts that are read as the geometry of a form, and a picture that is examined by them.
#![no_main]

#[path = "../../crates/sheet/tests/zoo/entry.rs"]
mod entry;

const PICTURE: &[u8] = include_bytes!("../corpus/picture/small.png");

libfuzzer_sys::fuzz_target!(|text: &str| entry::geometry(text, PICTURE));
