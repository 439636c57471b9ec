//! The harness of the tests that cross crates: the real endpoint, the real app, a real browser.
//!
//! Nothing here knows what a test wants to show. It starts the programs that `cargo xtask test` has built, watches
//! what they print, drives them by WebDriver, and ends every process that it started by that process's own id.

pub mod browser;
pub mod data;
pub mod desktop;
pub mod display;
pub mod driver;
pub mod endpoint;
pub mod fleet;
pub mod inside;
pub mod line;
pub mod page;
pub mod process;
pub mod program;
pub mod sheet;
pub mod simulator;

pub use browser::Browser;
pub use desktop::Desktop;
pub use endpoint::Endpoint;
pub use page::Page;
