//! Tables, whose heads are repeated on each page.

use std::borrow::Cow;
use std::io::Write;

use crate::document::Document;
use crate::font::Font;
use crate::picture::Jpeg;
use crate::text::lines;
use crate::{POINTS_PER_MM, PrintError};

const SIZE: f32 = 8.5;
/// Fingerprints are long.
const MONO_SIZE: f32 = 7.5;
const LINE: f32 = 11.0;
/// Room around the text of a cell.
const PAD: f32 = 2.5;
/// A row that is continued on the next page shows at least so many lines on this one.
const LINES_BEFORE_BREAK: usize = 3;
/// Maximum height of a picture in a cell.
const PICTURE_MM_MAX: f32 = 60.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

/// A column, as wide as its share of all shares.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    share: f32,
    align: Align,
}

impl Column {
    /// For text.
    pub fn left(share: f32) -> Self {
        Self { share, align: Align::Left }
    }

    /// For numbers.
    pub fn right(share: f32) -> Self {
        Self { share, align: Align::Right }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub struct Cell<'a>(Inside<'a>);

#[derive(Debug, Clone)]
enum Inside<'a> {
    Text(Cow<'a, str>, Font),
    Picture(Jpeg<'a>, f32),
}

impl<'a> Cell<'a> {
    /// Text in the font of text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self(Inside::Text(text.into(), Font::Regular))
    }

    /// Text that matters.
    pub fn strong(text: impl Into<Cow<'a, str>>) -> Self {
        Self(Inside::Text(text.into(), Font::Bold))
    }

    /// A fingerprint.
    pub fn fingerprint(text: impl Into<Cow<'a, str>>) -> Self {
        Self(Inside::Text(text.into(), Font::Mono))
    }

    /// A picture, at most as wide as the column and as high as given.
    pub fn picture(picture: Jpeg<'a>, height_mm: f32) -> Self {
        Self(Inside::Picture(picture, height_mm.min(PICTURE_MM_MAX)))
    }
}

/// A table that is being written. It ends when it is dropped.
pub struct Table<'a, W: Write> {
    document: &'a mut Document<W>,
    columns: Vec<Column>,
    head: Vec<String>,
}

impl<W: Write> Document<W> {
    /// A table with the head above, which is repeated on each page; without a head if it is empty. Its rows
    /// come next.
    pub fn table(&mut self, columns: &[Column], head: &[&str]) -> Result<Table<'_, W>, PrintError> {
        Table::begin(self, columns, head)
    }

    /// Names with values beside them.
    pub fn facts(&mut self, facts: &[(&str, Cell<'_>)]) -> Result<(), PrintError> {
        let mut table = self.table(&[Column::left(1.0), Column::left(2.6)], &[])?;
        facts.iter().try_for_each(|(name, value)| table.row(&[Cell::text(*name), value.clone()]))
    }
}

/// The content of a cell, as wide as its column.
enum Fitted<'a> {
    Lines(Vec<Vec<u8>>, Font),
    Picture(Jpeg<'a>, [f32; 2]),
}

impl Fitted<'_> {
    fn height(&self) -> f32 {
        match self {
            Self::Lines(lines, _) => lines.len() as f32 * LINE,
            Self::Picture(_, [_, height]) => *height,
        }
    }

    /// The part that a height has room for. The rest stays.
    fn split(&mut self, count: usize) -> Self {
        match self {
            Self::Lines(lines, font) => Self::Lines(lines.drain(..count.min(lines.len())).collect(), *font),
            Self::Picture(picture, size) => {
                let whole = Self::Picture(*picture, *size);
                *self = Self::Lines(Vec::new(), Font::Regular);
                whole
            }
        }
    }
}

fn height_of(row: &[Fitted<'_>]) -> f32 {
    row.iter().map(Fitted::height).fold(0.0, f32::max) + 2.0 * PAD
}

impl<'a, W: Write> Table<'a, W> {
    pub(crate) fn begin(
        document: &'a mut Document<W>,
        columns: &[Column],
        head: &[&str],
    ) -> Result<Self, PrintError> {
        let head = head.iter().map(|name| (*name).to_owned()).collect();
        let mut table = Self { document, columns: columns.to_vec(), head };
        if table.document.room() < table.head_height() + 4.0 * LINE {
            table.document.new_page()?;
        }
        table.put_head()?;
        Ok(table)
    }

    fn width_of(&self, column: &Column) -> f32 {
        let all: f32 = self.columns.iter().map(|column| column.share).sum();
        Document::<W>::width() * column.share / all
    }

    fn fitted<'c>(&self, cells: &[Cell<'c>]) -> Vec<Fitted<'c>> {
        let fit = |(cell, column): (&Cell<'c>, &Column)| {
            let width = self.width_of(column) - 2.0 * PAD;
            match &cell.0 {
                Inside::Text(text, font) => Fitted::Lines(lines(text, *font, size_of(*font), width), *font),
                Inside::Picture(picture, height_mm) => {
                    Fitted::Picture(*picture, picture.within(width, height_mm * POINTS_PER_MM as f32))
                }
            }
        };
        cells.iter().zip(&self.columns).map(fit).collect()
    }

    fn head_row(&self) -> Vec<Fitted<'static>> {
        self.fitted(&self.head.iter().map(|name| Cell::strong(name.clone())).collect::<Vec<_>>())
    }

    fn head_height(&self) -> f32 {
        if self.head.is_empty() { 0.0 } else { height_of(&self.head_row()) }
    }

    fn put_head(&mut self) -> Result<(), PrintError> {
        if self.head.is_empty() {
            return Ok(());
        }
        let row = self.head_row();
        let place = self.document.place();
        self.document.put_area(0.92, place, [Document::<W>::width(), height_of(&row)]);
        self.put(&row)
    }

    /// Writes a row. What does not fit the page goes to the next one, below the repeated head.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), PrintError> {
        let mut row = self.fitted(cells);
        let fits_a_page = height_of(&row) <= Document::<W>::page_height() - self.head_height();
        if fits_a_page {
            if height_of(&row) > self.document.room() {
                self.next_page()?;
            }
            return self.put(&row);
        }
        while row.iter().any(|cell| cell.height() > 0.0) {
            let most = ((self.document.room() - 2.0 * PAD) / LINE).max(0.0) as usize;
            if most < LINES_BEFORE_BREAK || row.iter().any(|cell| self.is_too_high(cell)) {
                self.next_page()?;
                continue;
            }
            let part: Vec<_> = row.iter_mut().map(|cell| cell.split(most)).collect();
            self.put(&part)?;
        }
        Ok(())
    }

    fn is_too_high(&self, cell: &Fitted<'_>) -> bool {
        matches!(cell, Fitted::Picture(..)) && cell.height() + 2.0 * PAD > self.document.room()
    }

    fn next_page(&mut self) -> Result<(), PrintError> {
        self.document.new_page()?;
        self.put_head()
    }

    fn put(&mut self, row: &[Fitted<'_>]) -> Result<(), PrintError> {
        let [mut x, top] = self.document.place();
        for (cell, column) in row.iter().zip(self.columns.clone()) {
            let width = self.width_of(&column);
            match cell {
                Fitted::Lines(lines, font) => {
                    for (index, line) in lines.iter().enumerate() {
                        let at = [x + indent(line, *font, &column, width), top - PAD - index as f32 * LINE];
                        self.document.put_line(line, *font, size_of(*font), at);
                    }
                }
                Fitted::Picture(picture, size) => {
                    self.document.put_picture_at(picture, [x + PAD, top - PAD], *size)?;
                }
            }
            x += width;
        }
        let height = height_of(row);
        self.document.gap(height);
        self.document.put_rule(top - height);
        Ok(())
    }
}

impl<W: Write> Drop for Table<'_, W> {
    fn drop(&mut self) {
        self.document.gap(7.0);
    }
}

fn size_of(font: Font) -> f32 {
    if font == Font::Mono { MONO_SIZE } else { SIZE }
}

/// From the left of a cell to its line.
fn indent(line: &[u8], font: Font, column: &Column, width: f32) -> f32 {
    match column.align {
        Align::Left => PAD,
        Align::Right => width - PAD - font.width(line) as f32 * size_of(font) / 1000.0,
    }
}
