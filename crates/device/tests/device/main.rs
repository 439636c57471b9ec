//! What a witness can rely on, with the real store on disk and a scripted endpoint.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod correction;
mod courier;
mod cross_out;
mod drafts;
mod drills;
mod elections;
mod export;
mod health;
mod inbox;
mod joining;
mod keys;
mod keystrokes;
mod many_photos;
mod not_the_endpoint;
mod papers;
mod photos;
mod proving;
mod reading;
mod reports;
mod rounds;
mod sealing;
mod sending;
mod world;
