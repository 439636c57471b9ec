//! Recognises a page without a tag by its printed tables.
//!
//! A table is one dark region: all its lines are connected. The corners of its outline, matched with those of
//! a table of a page, give a first map; the boxes of the page, looked for where that map says, confirm or
//! refute it, and correct it. A page is named only if nearly all its boxes are there and no other page comes
//! near.

use crate::geometry::{FormGeometry, PageGeometry};
use crate::gray::{Gray, IntegralImage};
use crate::page::PageView;
use crate::plane::{Homography, Point, Rect};
use crate::register::{Registered, is_outlined, outline_share};
use crate::tag::{dark_pixels, line_quads, sharpened};

/// Maximum number of outlines that are tried, the largest first.
const QUADS_MAX: usize = 10;
/// Passes of the threshold, as for tags. Lines are thin, so the window is small and little darkness enough.
const PASSES: [(usize, u32); 3] = [(40, 12), (24, 22), (60, 7)];
/// Minimum share of the outlines of boxes that must be there for a closer look.
const LIKELY_MIN: f64 = 0.3;
/// Minimum share of the figures whose boxes must be found.
const FOUND_MIN: f64 = 0.8;
/// Minimum share of the tables whose outlines must be found: one of three may be under a thumb.
const TABLES_MIN: f64 = 0.6;
/// Minimum lead over the best other page, in shares of figures times shares of tables.
const LEAD_MIN: f64 = 0.25;

/// Finds a page of `form` that has tables and no tag.
pub(crate) fn find(gray: &Gray, form: &FormGeometry) -> Option<PageView> {
    if form.pages.iter().all(|page| page.tables.is_empty()) {
        return None;
    }
    let integral = IntegralImage::of(gray);
    let edge = gray.width().max(gray.height());
    let mut best: Vec<Found> = Vec::new();
    for (share, below) in PASSES {
        let dark = dark_pixels(gray, &integral, (edge / share).max(4), below);
        let quads = line_quads(&dark, gray.width(), gray.height(), QUADS_MAX);
        let quads: Vec<[Point; 4]> =
            quads.iter().map(|corners| sharpened(corners, gray).unwrap_or(*corners)).collect();
        best.extend(form.pages.iter().filter_map(|page| best_of_page(gray, form, page, &quads)));
        if let Some(view) = decided(&best) {
            return Some(view);
        }
    }
    None
}

/// A page that may be in the picture.
struct Found {
    view: PageView,
    /// Share of its figures whose boxes are there.
    figures: f64,
    /// Share of its tables whose outlines are there. The boxes of a small page fit many a grid; its tables do
    /// not.
    tables: f64,
}

impl Found {
    fn share(&self) -> f64 {
        self.figures * self.tables
    }
}

/// The page that is there beyond doubt.
fn decided(found: &[Found]) -> Option<PageView> {
    let best = found.iter().max_by(|a, b| a.share().total_cmp(&b.share()))?;
    let other =
        found.iter().filter(|other| other.view.page != best.view.page).map(Found::share).fold(0.0, f64::max);
    let sure = best.figures >= FOUND_MIN && best.tables >= TABLES_MIN && best.share() - other >= LEAD_MIN;
    sure.then(|| best.view.clone())
}

fn best_of_page(
    gray: &Gray,
    form: &FormGeometry,
    page: &PageGeometry,
    quads: &[[Point; 4]],
) -> Option<Found> {
    let mut likely: Vec<(f64, Homography)> = Vec::new();
    for table in &page.tables {
        for corners in quads {
            for turn in 0..4 {
                let seen: [Point; 4] = std::array::from_fn(|i| corners[(i + turn) % 4]);
                if !is_shaped_like(&seen, table) {
                    continue;
                }
                let pairs: Vec<_> = table.corners().into_iter().zip(seen).collect();
                let Some(map) = Homography::fit(&pairs).filter(|map| is_seen_from_above(form, map)) else {
                    continue;
                };
                let share = outline_share(gray, &map, page);
                if share >= LIKELY_MIN {
                    likely.push((share, map));
                }
            }
        }
    }
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let settled = likely.into_iter().take(3).filter_map(|(_, map)| settle(gray, form, page, map));
    settled.max_by(|a, b| a.share().total_cmp(&b.share()))
}

/// Whether the sides are about as long as those of the table: perspective shortens them by up to a half.
fn is_shaped_like(seen: &[Point; 4], table: &Rect) -> bool {
    let side = |i: usize| seen[i].distance(seen[(i + 1) % 4]);
    let ratio = (side(0) + side(2)) / (side(1) + side(3)).max(1.0);
    let printed = table.width / table.height;
    (0.5..2.0).contains(&(ratio / printed))
}

/// Whether no part of the paper would be behind the camera, or shrink to a fifth.
fn is_seen_from_above(form: &FormGeometry, map: &Homography) -> bool {
    let scales = form.frame().corners().map(|corner| {
        let (across, down) = map.scale_at(corner);
        across.min(down)
    });
    let (low, high) = scales.iter().fold((f64::MAX, 0.0f64), |(low, high), s| (low.min(*s), high.max(*s)));
    low > 0.0 && high < 4.0 * low
}

/// Looks for the boxes of every figure around where the map says, and fits the map to those that are found.
fn settle(gray: &Gray, form: &FormGeometry, page: &PageGeometry, map: Homography) -> Option<Found> {
    let mut view = view_of(form, page, map);
    let mut share = 0.0;
    for reach_share in [0.45, 0.3, 0.2] {
        let mut pairs = Vec::new();
        let mut found = 0usize;
        for field in &page.fields {
            let side = field.boxes.first().map_or(1.0, |area| area.width.min(area.height));
            let Some(place) = Registered::within(gray, &view, &field.boxes, side * reach_share) else {
                continue;
            };
            found += 1;
            let seen = |corner: Point| view.map.apply(corner.plus(place.shift.x, place.shift.y));
            pairs.extend(field.area().corners().map(|corner| (corner, seen(corner))));
        }
        share = found as f64 / page.fields.len().max(1) as f64;
        // The figures are in a column on the right of the page, and say little about its left.
        for table in &page.tables {
            pairs.extend(table.corners().map(|corner| (corner, view.map.apply(corner))));
        }
        if share < 0.5 {
            break;
        }
        view = view_of(form, page, Homography::fit(&pairs)?);
    }
    let outlined = page.tables.iter().filter(|table| is_outlined(gray, &view.map, table)).count();
    Some(Found { figures: share, tables: outlined as f64 / page.tables.len().max(1) as f64, view })
}

fn view_of(form: &FormGeometry, page: &PageGeometry, map: Homography) -> PageView {
    let corners = form.frame().corners().map(|corner| map.apply(corner));
    PageView { page: page.number, map, corners, marks_seen: [true; 4] }
}
