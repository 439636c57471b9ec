//! The harness of the tests that cross crates: the real endpoint, the real app, a real browser.
//!
//! The harness asserts nothing. It starts the programs that `cargo xtask test` builds, reads what they print,
//! drives them by WebDriver, and ends every process that it started, by its process id.
//!
//! No test depends on the speed of the machine. [`eventually`] ends a wait when its condition holds; its time
//! limit only ends a test that hangs.

pub mod browser;
pub mod data;
pub mod desktop;
pub mod display;
pub mod drill_phone;
pub mod driver;
pub mod endpoint;
pub mod eventually;
pub mod fleet;
pub mod hall;
pub mod http;
pub mod in_process;
pub mod network_link;
pub mod page;
pub mod postgres;
pub mod practice;
pub mod process;
pub mod program;
pub mod rng;
pub mod screen_walk;
pub mod sheet;
pub mod simulator;

pub use browser::Browser;
pub use desktop::Desktop;
pub use endpoint::Endpoint;
pub use page::Page;
