//! The pages of a practice sheet: to show, to photograph, and to print.

use sheet::draw::{Canvas, Drawing, FilledField, Surface, mark_as_practice, print_page, write_page};
use sheet::{FormGeometry, GeometryError, PageGeometry};
use tally::Paper;

use crate::pdf::{PaperSize, Pdf};
use crate::practice_sheet::PracticeSheet;
use crate::seed::mixed;

/// Why the pages of a paper cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The positions that the form brings cannot be used, or a page has no room.
    #[error("cannot draw the paper")]
    Geometry(#[from] GeometryError),
    /// The form's pages have no marks by which they could be recognised, so no positions either.
    #[error("cannot draw the paper: no position on it is known")]
    NoPositions,
    /// The sheets have more pages than a file may have.
    #[error("cannot print {pages} pages in one file: the maximum is {PRINTED_PAGES_MAX}")]
    TooMany {
        /// How many they have.
        pages: usize,
    },
}

/// Maximum number of pages in one file for the printer: thirty copies of the largest paper.
const PRINTED_PAGES_MAX: usize = 800;

/// Draws the pages of all sheets of one paper.
#[derive(Debug, Clone)]
pub struct SheetPages {
    form: FormGeometry,
}

impl SheetPages {
    /// The positions of everything on the paper.
    ///
    /// # Errors
    /// When the paper has none.
    pub fn of(paper: &Paper) -> Result<Self, PagesError> {
        paper_layout::drawing(paper)?.map(|form| Self { form }).ok_or(PagesError::NoPositions)
    }

    /// The positions, by which photos of the pages are recognised and read.
    pub fn form(&self) -> &FormGeometry {
        &self.form
    }

    /// A page in pixels. `None` for a page that the sheet does not have.
    pub fn canvas(&self, sheet: &PracticeSheet, page: u8, pixels_per_mm: f64) -> Option<Canvas> {
        let page = self.page_of(sheet, page)?;
        let mut canvas = Canvas::new(self.form.paper_mm, pixels_per_mm);
        self.print(page, &mut canvas);
        self.write(sheet, page, &mut canvas);
        Some(canvas)
    }

    /// A photo of a page as a phone takes it, in RGB, row by row, with its width and height. `take` counts
    /// the photos of the page from 0: the first one of a page with that trap is too dark.
    pub fn photo(&self, sheet: &PracticeSheet, page: u8, take: u32) -> Option<(usize, usize, Vec<u8>)> {
        /// As many pixels as the picture that is sent has on the paper.
        const PIXELS_PER_MM: f64 = 2.2;
        let shot = sheet.shot(page, take);
        let canvas = self.canvas(sheet, page, PIXELS_PER_MM)?;
        let rgb = canvas.photographed(self.form.paper_mm, &shot)?;
        Some((shot.width_px, shot.height_px, rgb))
    }

    /// All pages of these sheets as a PDF file, one page on each leaf, in the sheets' order. The same sheets
    /// give the same bytes.
    ///
    /// # Errors
    /// When there are too many pages.
    pub fn pdf(&self, sheets: &[PracticeSheet], size: PaperSize) -> Result<Vec<u8>, PagesError> {
        let there = |sheet: &PracticeSheet| {
            self.form.pages.iter().filter(|page| self.page_of(sheet, page.number).is_some()).count()
        };
        let pages = sheets.iter().map(there).sum();
        if pages > PRINTED_PAGES_MAX {
            return Err(PagesError::TooMany { pages });
        }
        let mut pdf = Pdf::new(self.form.paper_mm, size);
        let prints: Vec<_> =
            self.form.pages.iter().map(|page| pdf.add_print(&self.drawn_print(page))).collect();
        for sheet in sheets {
            for (page, print) in self.form.pages.iter().zip(&prints) {
                if self.page_of(sheet, page.number).is_some() {
                    let mut writing = Drawing::default();
                    self.write(sheet, page, &mut writing);
                    pdf.add_page(*print, &writing);
                }
            }
        }
        Ok(pdf.finish())
    }

    /// The size of paper on which the boxes can be read and photographed.
    pub fn paper_size(&self) -> PaperSize {
        let boxes = self.form.pages.iter().flat_map(|page| &page.fields).flat_map(|field| &field.boxes);
        let smallest = boxes.map(|rect| rect.width.min(rect.height)).fold(f64::MAX, f64::min);
        PaperSize::for_boxes(self.form.paper_mm, smallest)
    }

    fn page_of(&self, sheet: &PracticeSheet, page: u8) -> Option<&PageGeometry> {
        self.form.page(page).filter(|_| !sheet.missing_pages().contains(&page))
    }

    fn drawn_print(&self, page: &PageGeometry) -> Drawing {
        let mut drawing = Drawing::default();
        self.print(page, &mut drawing);
        drawing
    }

    fn print(&self, page: &PageGeometry, surface: &mut dyn Surface) {
        print_page(surface, &self.form, page);
        mark_as_practice(surface, &self.form, None);
    }

    fn write(&self, sheet: &PracticeSheet, page: &PageGeometry, surface: &mut dyn Surface) {
        let fields: Vec<FilledField> = sheet.written().to_vec();
        write_page(surface, page, &fields, mixed(sheet.hand_seed(), &[6]));
        mark_as_practice(surface, &self.form, Some(&sheet.number().to_string()));
    }
}
