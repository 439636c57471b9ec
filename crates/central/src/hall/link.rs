//! The link with which phones enter the hall, and the same as a code for their cameras.

use qrcode::render::unicode::Dense1x2;
use qrcode::{Color, QrCode};

use crate::endpoint::Endpoint;

/// Width of the quiet zone around a code, in squares. Readers need it.
const MARGIN: usize = 4;

impl Endpoint {
    /// The link to this hall at `address`. It names the hall's own log, so that a phone notices another
    /// laptop that pretends to be this one.
    pub fn hall_link(&self, address: &str) -> String {
        protocol::hall_link(address, self.log_key().public())
    }
}

/// A text as a code in an SVG picture that scales to any size. `None` if the text is too long.
pub(crate) fn code_as_svg(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let side = code.width() + 2 * MARGIN;
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let squares: String = dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % code.width() + MARGIN, at / code.width() + MARGIN))
        .collect();
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         role=\"img\" aria-label=\"QR\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{squares}\" fill=\"#000\"/></svg>"
    ))
}

/// A text as a code of block characters, for a terminal. `None` if the text is too long.
pub fn code_for_terminal(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    // Terminals are dark: the light squares are drawn.
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    Some(drawn)
}
