//! The dark and light squares of a code.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::{QR_BYTES_MAX, QrError, text};

/// Width of the quiet zone, in squares. Readers need it to find the code.
const MARGIN: usize = 4;

/// A QR code as squares, its margin included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    side: usize,
    dark: Vec<bool>,
}

impl Picture {
    /// Draws the code of a statement. Error correction is at the lowest level: from a clean screen to a
    /// camera, larger squares help more.
    pub fn draw(statement: &[u8]) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text(statement)?, EcLevel::L)
            .map_err(|_| QrError::TooLong { bytes: statement.len().max(QR_BYTES_MAX) })?;
        let inner = code.width();
        let side = inner + 2 * MARGIN;
        let mut dark = vec![false; side * side];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            dark[(at / inner + MARGIN) * side + at % inner + MARGIN] = color == Color::Dark;
        }
        Ok(Self { side, dark })
    }

    /// Width and height, in squares.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether a square is dark. Squares beyond the picture are light.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.side && row < self.side && self.dark[row * self.side + column]
    }

    /// The code as an SVG picture that scales to any size.
    pub fn to_svg(&self) -> String {
        let side = self.side;
        let mut squares = String::new();
        for row in 0..side {
            let mut column = 0;
            while column < side {
                let run = (column..side).take_while(|&column| self.is_dark(column, row)).count();
                if run > 0 {
                    // Writing into a String cannot fail.
                    let _ = write!(squares, "M{column} {row}h{run}v1h-{run}z");
                }
                column += run.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{squares}\"/></svg>"
        )
    }
}
