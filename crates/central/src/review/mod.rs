//! Review: what coordinators decide on tallies, in which order and with which keys, what they request of
//! witnesses and write to them, and what they do about incidents.

mod consequence;
pub(crate) mod incidents;
mod keys;
pub(crate) mod messages;
pub(crate) mod queue;
mod requests;
mod statements;
mod verdicts;

use protocol::{Problem, ProblemCode};

use crate::refusal::Refusal;

/// Lengths that a reason may have, in characters.
#[derive(Debug, Clone, Copy)]
struct ReasonLength {
    min: usize,
    max: usize,
}

/// A reason without blanks around it, if its length is allowed. The witness reads it.
fn reason_within(typed: &str, length: ReasonLength) -> Result<String, Refusal> {
    let ReasonLength { min, max } = length;
    let reason = typed.trim();
    if (min..=max).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    let detail = format!("say in {min} to {max} characters what the witness should know");
    Err(Problem::new(ProblemCode::RequestMalformed, detail).into())
}

/// What the request names does not exist at this station.
fn not_found() -> Refusal {
    Problem::new(ProblemCode::NotFound, "there is no such thing").into()
}
