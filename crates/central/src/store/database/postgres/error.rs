//! What the server's error codes mean for the program.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Whether the server aborted the transaction because of another one: the same work can run again at once.
pub(super) fn is_conflict(error: &Error) -> bool {
    error.code().is_some_and(is_conflict_state)
}

/// Whether the same request may succeed later without a change of the program.
pub(in crate::store::database) fn is_transient(error: &Error) -> bool {
    let is_connection_lost =
        error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>);
    is_connection_lost || error.code().is_some_and(is_transient_state)
}

/// What a transient error says of the server, in words for a client.
pub(in crate::store::database) fn fault(error: &Error) -> &'static str {
    match error.code() {
        Some(&SqlState::DISK_FULL) => "the store is full",
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => "the store is read-only",
        Some(&SqlState::LOCK_NOT_AVAILABLE) => "the store is locked",
        Some(&SqlState::QUERY_CANCELED) => "the store does not answer in time",
        _ => "the store does not answer",
    }
}

/// What the server says. The client's own text leaves it out.
pub(in crate::store::database) fn message(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(reported), _) => format!("{}: {}", reported.severity(), reported.message()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

fn is_conflict_state(state: &SqlState) -> bool {
    matches!(state, &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
}

fn is_transient_state(state: &SqlState) -> bool {
    let is_starting_or_stopping = matches!(
        state,
        &SqlState::ADMIN_SHUTDOWN
            | &SqlState::CRASH_SHUTDOWN
            | &SqlState::CANNOT_CONNECT_NOW
            | &SqlState::READ_ONLY_SQL_TRANSACTION
    );
    let is_out_of_resources = matches!(
        state,
        &SqlState::DISK_FULL
            | &SqlState::OUT_OF_MEMORY
            | &SqlState::TOO_MANY_CONNECTIONS
            | &SqlState::QUERY_CANCELED
            | &SqlState::LOCK_NOT_AVAILABLE
    );
    is_starting_or_stopping || is_out_of_resources || is_conflict_state(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_busy_full_or_in_failover_is_transient() {
        let passing = [
            "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "25006",
        ];
        for code in passing {
            assert!(is_transient_state(&SqlState::from_code(code)), "{code}");
        }
    }

    #[test]
    fn a_defect_of_the_program_or_of_the_data_is_not_transient() {
        for code in ["23505", "42601", "42P01", "22P02", "28P01", "XX001"] {
            assert!(!is_transient_state(&SqlState::from_code(code)), "{code}");
        }
    }

    #[test]
    fn only_a_conflict_runs_again_at_once() {
        for (code, runs_again) in [("40001", true), ("40P01", true), ("53100", false), ("57014", false)] {
            assert_eq!(is_conflict_state(&SqlState::from_code(code)), runs_again, "{code}");
        }
    }
}
