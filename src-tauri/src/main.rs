//! Starts the app on a desktop.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    saksi_app::run();
}
