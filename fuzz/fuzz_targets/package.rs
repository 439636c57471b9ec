//! Texts that are read as election packages.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(election) = tally::Election::from_json(text) {
        // What was read is written in a form that is read again.
        let again = election.to_json().expect("what was read can be written");
        tally::Election::from_json(&again).expect("what was written can be read");
    }
});
