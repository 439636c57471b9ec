//! Everybody can use the console and the app: with a screen reader, with a keyboard, with little sight, in
//! both themes. axe-core looks at every screen and at what opens on it.

use anyhow::Result;
use saksi_tests::browser::USUAL_TYPE_PX;
use saksi_tests::screen_walk::{Visit, build_the_app_for_a_browser, walk_the_app, walk_the_console};

fn look(script: &str) -> Visit<'_> {
    Visit { letters_px: USUAL_TYPE_PX, languages: &["id"], script }
}

#[tokio::test]
async fn axe_finds_nothing_on_the_console() -> Result<()> {
    walk_the_console(look("return violations(1280)")).await?.none()
}

/// At midnight, with cold fingers, on a cheap screen.
#[tokio::test]
async fn everything_that_is_tapped_in_the_app_is_as_large_as_a_finger() -> Result<()> {
    build_the_app_for_a_browser()?;
    walk_the_app(look("return smallTargets(360)")).await?.none()
}

#[tokio::test]
async fn axe_finds_nothing_on_the_app() -> Result<()> {
    build_the_app_for_a_browser()?;
    walk_the_app(look("return violations(420)")).await?.none()
}
