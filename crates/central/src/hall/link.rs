//! The link with which phones enter the hall, and the same as a code for their cameras.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::endpoint::Endpoint;

impl Endpoint {
    /// The link to this hall at `address`. It names the hall's own log, so that a phone notices another
    /// laptop that pretends to be this one.
    pub fn hall_link(&self, address: &str) -> String {
        protocol::hall_link(address, self.log_key().public())
    }
}

/// A text as a code of block characters, for a terminal. `None` if the text is too long.
pub fn code_for_terminal(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    // Terminals are dark: the light squares are drawn.
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    Some(drawn)
}
