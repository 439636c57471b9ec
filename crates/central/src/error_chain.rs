//! An error in one line, for programs and logs.

use std::error::Error;

/// The error and its causes, separated by colons.
///
/// Errors of this workspace print only themselves and chain their cause. Some libraries print their cause
/// too; such a cause is left out here.
pub fn error_chain(error: &dyn Error) -> String {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !chain.contains(&message) {
            chain = format!("{chain}: {message}");
        }
        cause = error.source();
    }
    chain
}
