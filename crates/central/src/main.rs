//! `saksi-central`: the endpoint as one program.

mod program;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    program::run(program::Arguments::parse())
}
