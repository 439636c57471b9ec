//! What a witness can rely on, with the real store on disk and an endpoint that answers as each test says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod accounts;
mod along;
mod carrying;
mod correction;
mod drafts;
mod health;
mod inbox;
mod keys;
mod photos;
mod proving;
mod reading;
mod sealing;
mod sending;
mod strangers;
mod world;
