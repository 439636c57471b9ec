//! Generates Tauri's context. If the screens are not built yet, a page says how to build them.

use std::path::Path;

fn main() {
    let screens = Path::new("../ui/dist/witness");
    if !screens.join("index.html").exists() {
        let page = "<!doctype html><title>Saksi</title><p>The screens are not built yet. Run <code>cargo xtask run</code>.";
        let written =
            std::fs::create_dir_all(screens).and_then(|()| std::fs::write(screens.join("index.html"), page));
        if let Err(error) = written {
            println!("cargo::warning=cannot write a page in place of the screens: {error}");
        }
    }
    // The screens are embedded in the program.
    println!("cargo::rerun-if-changed=../ui/dist/witness");
    tauri_build::build();
}
