//! What a witness can rely on, with the real store on disk and an endpoint that answers as each test says.

mod correction;
mod drafts;
mod photos;
mod sealing;
mod sending;
mod world;
