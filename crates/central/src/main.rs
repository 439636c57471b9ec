//! `saksi-central`: the endpoint as one program.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::main(std::env::args_os().collect())
}
