//! A document: what stands on its pages, from top to bottom.

use std::io::{self, Write};

use pdf_writer::types::LineCapStyle;
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Content, Filter, Finish, Name, Rect, Ref, Str, TextStr};

use crate::file::{File, compressed};
use crate::font::Font;
use crate::picture::Jpeg;
use crate::text::{encoded, lines};
use crate::{POINTS_PER_MM, PrintError};

/// Width and height of A4 in points.
const PAGE: [f32; 2] = [595.28, 841.89];
const MARGIN: f32 = 51.0;
/// The margin below, in which the footer stands.
const MARGIN_BELOW: f32 = 60.0;
const FOOTER_AT: f32 = 36.0;
const FOOTER_SIZE: f32 = 7.5;
/// The height of a line, in sizes of its font.
const LINE: f32 = 1.32;
/// From the top of a line to its baseline, in sizes of its font.
const ASCENT: f32 = 0.98;
const TEXT_SIZE: f32 = 9.5;
/// What stays below a heading, so that none stands alone at the end of a page.
const BELOW_HEADING: f32 = 64.0;

/// What a document says about itself.
pub struct About {
    pub title: String,
    /// The language of its text (BCP 47).
    pub language: String,
    /// What stands at the foot of each page.
    pub footer: String,
    /// The words for a page's number, and of how many.
    pub page_of: fn(usize, usize) -> String,
}

/// A document that is being written to a receiver, page by page.
pub struct Document<W: Write> {
    file: File<W>,
    about: About,
    catalog: Ref,
    tree: Ref,
    info: Ref,
    fonts: [Ref; 3],
    page: Page,
    finished: Vec<FinishedPage>,
}

/// The page that is being filled.
struct Page {
    content: Content,
    /// The top of what comes next, counted from below.
    y: f32,
    pictures: Vec<Ref>,
    is_empty: bool,
}

struct FinishedPage {
    content: Ref,
    pictures: Vec<Ref>,
}

impl Page {
    fn new() -> Self {
        Self { content: Content::new(), y: PAGE[1] - MARGIN, pictures: Vec::new(), is_empty: true }
    }
}

impl<W: Write> Document<W> {
    /// Begins a document.
    ///
    /// # Errors
    /// When the receiver does not take it, as in all methods.
    pub fn new(out: W, about: About) -> Result<Self, PrintError> {
        let mut file = File::new(out)?;
        let (catalog, tree, info) = (file.take(), file.take(), file.take());
        let fonts = [file.take(), file.take(), file.take()];
        for (font, id) in Font::ALL.into_iter().zip(fonts) {
            file.object(id, |chunk| {
                let mut written = chunk.type1_font(id);
                written.base_font(font.standard_name()).encoding_predefined(Name(b"WinAnsiEncoding"));
            })?;
        }
        Ok(Self { file, about, catalog, tree, info, fonts, page: Page::new(), finished: Vec::new() })
    }

    /// The name of the document or of a part that begins on its own page.
    pub fn title(&mut self, text: &str) -> Result<(), PrintError> {
        self.heading_of(text, 17.0, 4.0)
    }

    /// A heading.
    pub fn heading(&mut self, text: &str) -> Result<(), PrintError> {
        self.heading_of(text, 12.5, 12.0)
    }

    /// A heading within what a heading began.
    pub fn subheading(&mut self, text: &str) -> Result<(), PrintError> {
        self.heading_of(text, 10.0, 7.0)
    }

    fn heading_of(&mut self, text: &str, size: f32, above: f32) -> Result<(), PrintError> {
        let lines = lines(text, Font::Bold, size, Self::width());
        let height = lines.len() as f32 * size * LINE;
        if !self.page.is_empty {
            self.gap(above);
        }
        self.need(height + BELOW_HEADING)?;
        self.put_lines(&lines, Font::Bold, size, MARGIN)?;
        self.gap(3.0);
        Ok(())
    }

    /// A paragraph of text.
    pub fn paragraph(&mut self, text: &str) -> Result<(), PrintError> {
        self.text(text, Font::Regular, TEXT_SIZE)
    }

    /// A remark in small letters.
    pub fn remark(&mut self, text: &str) -> Result<(), PrintError> {
        self.text(text, Font::Regular, 8.0)
    }

    /// A fingerprint, whose letters stand below each other.
    pub fn fingerprint(&mut self, text: &str) -> Result<(), PrintError> {
        self.text(text, Font::Mono, 8.0)
    }

    fn text(&mut self, text: &str, font: Font, size: f32) -> Result<(), PrintError> {
        self.put_lines(&lines(text, font, size, Self::width()), font, size, MARGIN)?;
        self.gap(4.0);
        Ok(())
    }

    /// A photo, at most as wide as the text and as high as given, with words below it.
    pub fn photo(&mut self, photo: &Jpeg<'_>, height_mm: f32, caption: &str) -> Result<(), PrintError> {
        let below = lines(caption, Font::Regular, 8.0, Self::width());
        let below_height = below.len() as f32 * 8.0 * LINE + 2.0;
        let most = (height_mm * POINTS_PER_MM as f32).min(Self::page_height() - below_height);
        let [width, height] = photo.within(Self::width(), most);
        self.need(height + below_height)?;
        self.put_picture(photo, MARGIN, [width, height])?;
        self.page.y -= height + 2.0;
        self.put_lines(&below, Font::Regular, 8.0, MARGIN)?;
        self.gap(8.0);
        Ok(())
    }

    /// Some room, in points.
    pub fn gap(&mut self, points: f32) {
        self.page.y -= points;
    }

    /// What follows begins on a new page; nothing happens on a page that is still empty.
    pub fn new_page(&mut self) -> Result<(), PrintError> {
        if self.page.is_empty { Ok(()) } else { Ok(self.end_page()?) }
    }

    /// Number of pages so far.
    pub fn pages(&self) -> usize {
        self.finished.len() + usize::from(!self.page.is_empty)
    }

    /// Writes what is left, with the numbers of the pages, and returns the receiver.
    pub fn finish(mut self) -> Result<W, PrintError> {
        if !self.page.is_empty || self.finished.is_empty() {
            self.end_page()?;
        }
        let pages = std::mem::take(&mut self.finished);
        let ids: Vec<Ref> = pages.iter().map(|_| self.file.take()).collect();
        for (number, (page, id)) in pages.iter().zip(&ids).enumerate() {
            self.write_page(page, *id, &(self.about.page_of)(number + 1, pages.len()))?;
        }
        let (catalog, tree, info) = (self.catalog, self.tree, self.info);
        self.file.object(tree, |chunk| {
            let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
            chunk.pages(tree).kids(ids).count(count);
        })?;
        self.file.object(catalog, |chunk| {
            let mut written = chunk.indirect(catalog).start::<Catalog<'_>>();
            written.pages(tree).lang(TextStr(&self.about.language));
            written.viewer_preferences().display_doc_title(true);
        })?;
        self.file.object(info, |chunk| {
            let mut written = chunk.indirect(info).start::<DocumentInfo<'_>>();
            written.title(TextStr(&self.about.title)).producer(TextStr("Saksi"));
        })?;
        Ok(self.file.finish(catalog, info)?)
    }

    fn write_page(&mut self, page: &FinishedPage, id: Ref, number: &str) -> io::Result<()> {
        let footer = self.file.take();
        let drawn = compressed(&footer_of(&self.about.footer, number).finish());
        self.file.object(footer, |chunk| {
            chunk.stream(footer, &drawn).filter(Filter::FlateDecode);
        })?;
        let (tree, fonts) = (self.tree, self.fonts);
        self.file.object(id, |chunk| {
            let mut written = chunk.page(id);
            written.media_box(Rect::new(0.0, 0.0, PAGE[0], PAGE[1])).parent(tree);
            written.contents_array([page.content, footer]);
            let mut resources = written.resources();
            resources.fonts().pairs(Font::ALL.into_iter().map(Font::key).zip(fonts));
            let mut pictures = resources.x_objects();
            for picture in &page.pictures {
                pictures.pair(Name(picture_name(*picture).as_bytes()), *picture);
            }
            pictures.finish();
            resources.finish();
        })
    }

    fn end_page(&mut self) -> io::Result<()> {
        let Page { content, pictures, .. } = std::mem::replace(&mut self.page, Page::new());
        let id = self.file.take();
        let drawn = compressed(&content.finish());
        self.file.object(id, |chunk| {
            chunk.stream(id, &drawn).filter(Filter::FlateDecode);
        })?;
        self.finished.push(FinishedPage { content: id, pictures });
        Ok(())
    }

    /// The width of the text.
    pub(crate) fn width() -> f32 {
        PAGE[0] - 2.0 * MARGIN
    }

    /// The height of a page's text.
    pub(crate) fn page_height() -> f32 {
        PAGE[1] - MARGIN - MARGIN_BELOW
    }

    /// What is left of it.
    pub(crate) fn room(&self) -> f32 {
        self.page.y - MARGIN_BELOW
    }

    /// Begins a new page unless that much fits.
    fn need(&mut self, height: f32) -> Result<(), PrintError> {
        if self.room() < height { self.new_page() } else { Ok(()) }
    }

    /// Writes lines below each other, and goes on to the next page where one ends.
    fn put_lines(&mut self, lines: &[Vec<u8>], font: Font, size: f32, x: f32) -> Result<(), PrintError> {
        for line in lines {
            self.need(size * LINE)?;
            let y = self.page.y;
            self.put_line(line, font, size, [x, y]);
            self.page.y -= size * LINE;
        }
        Ok(())
    }

    /// Writes a line whose top left corner is given.
    pub(crate) fn put_line(&mut self, line: &[u8], font: Font, size: f32, [x, top]: [f32; 2]) {
        show(&mut self.page.content, line, font, size, [x, top - size * ASCENT]);
        self.page.is_empty = false;
    }

    /// Fills an area with grey: 1 is white.
    pub(crate) fn put_area(&mut self, gray: f32, [x, top]: [f32; 2], [width, height]: [f32; 2]) {
        let content = &mut self.page.content;
        content.set_fill_gray(gray).rect(x, top - height, width, height).fill_nonzero().set_fill_gray(0.0);
    }

    /// Draws a fine line across the text.
    pub(crate) fn put_rule(&mut self, y: f32) {
        let content = &mut self.page.content;
        content.set_line_cap(LineCapStyle::ButtCap).set_line_width(0.4).set_stroke_gray(0.7);
        content.move_to(MARGIN, y).line_to(PAGE[0] - MARGIN, y).stroke();
    }

    /// Draws a picture from the top of what comes next.
    fn put_picture(&mut self, picture: &Jpeg<'_>, x: f32, size: [f32; 2]) -> Result<(), PrintError> {
        let top = self.page.y;
        self.put_picture_at(picture, [x, top], size)
    }

    pub(crate) fn put_picture_at(
        &mut self,
        picture: &Jpeg<'_>,
        [x, top]: [f32; 2],
        [width, height]: [f32; 2],
    ) -> Result<(), PrintError> {
        let id = self.file.take();
        self.file.object(id, |chunk| {
            let mut written = chunk.image_xobject(id, picture.bytes);
            written.filter(Filter::DctDecode);
            written.bits_per_component(8);
            written.width(i32::from(picture.width_px)).height(i32::from(picture.height_px));
            let space = written.color_space();
            if picture.is_gray { space.device_gray() } else { space.device_rgb() }
        })?;
        let content = &mut self.page.content;
        content.save_state().transform([width, 0.0, 0.0, height, x, top - height]);
        content.x_object(Name(picture_name(id).as_bytes())).restore_state();
        self.page.pictures.push(id);
        self.page.is_empty = false;
        Ok(())
    }

    /// The left end of the text, and the top of what comes next.
    pub(crate) fn place(&self) -> [f32; 2] {
        [MARGIN, self.page.y]
    }
}

fn picture_name(id: Ref) -> String {
    format!("Picture{}", id.get())
}

fn footer_of(footer: &str, number: &str) -> Content {
    let mut content = Content::new();
    let most = PAGE[0] - 2.0 * MARGIN - 90.0;
    let left = lines(footer, Font::Regular, FOOTER_SIZE, most);
    for (index, line) in left.iter().take(2).enumerate() {
        let y = FOOTER_AT - index as f32 * FOOTER_SIZE * LINE;
        show(&mut content, line, Font::Regular, FOOTER_SIZE, [MARGIN, y]);
    }
    let number = encoded(number);
    let width = Font::Regular.width(&number) as f32 * FOOTER_SIZE / 1000.0;
    show(&mut content, &number, Font::Regular, FOOTER_SIZE, [PAGE[0] - MARGIN - width, FOOTER_AT]);
    content
}

fn show(content: &mut Content, line: &[u8], font: Font, size: f32, [x, y]: [f32; 2]) {
    content.begin_text().set_font(font.key(), size).next_line(x, y).show(Str(line)).end_text();
}
