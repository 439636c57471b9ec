//! Recognises the page in a photo and its position.

use crate::geometry::{FormGeometry, Landmarks};
use crate::gray::Gray;
use crate::mark::{self, Axes, Candidate};
use crate::plane::{Homography, Point};
use crate::tag::{self, Tag};

/// A page of a form, found in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// The page's number.
    pub page: u8,
    /// From millimetres on the page to pixels.
    pub map: Homography,
    /// The corners of its frame (upper left, upper right, lower right, lower left on the page), in pixels.
    /// They may be outside the picture.
    pub corners: [Point; 4],
    /// Whether each corner mark was found, in the same order.
    pub marks_seen: [bool; 4],
}

impl PageView {
    /// The same page in the eyes of the form of which this paper is a copy: it is that page, and nothing is
    /// where the form has it.
    pub(crate) fn of_copy(self) -> Self {
        Self { marks_seen: [false; 4], ..self }
    }

    /// The view of a page whose frame's corners are known, as a statement may carry them: upper left, upper
    /// right, lower right, lower left on the page. None when they enclose nothing.
    pub fn from_corners(form: &FormGeometry, page: u8, corners: [Point; 4]) -> Option<Self> {
        let pairs: Vec<_> = form.frame().corners().into_iter().zip(corners).collect();
        Some(Self { page, map: Homography::fit(&pairs)?, corners, marks_seen: [true; 4] })
    }

    /// The view in the same picture, scaled: by 2, twice as wide and high.
    pub fn scaled(&self, form: &FormGeometry, factor: f64) -> Option<Self> {
        // Pixels are named by their middles, so it is their edges that are scaled.
        let moved = self.corners.map(|c| Point::new((c.x + 0.5) * factor - 0.5, (c.y + 0.5) * factor - 0.5));
        Some(Self { marks_seen: self.marks_seen, ..Self::from_corners(form, self.page, moved)? })
    }

    /// Corner marks that were seen.
    pub fn marks_count(&self) -> usize {
        self.marks_seen.iter().filter(|seen| **seen).count()
    }

    /// Whether all corner marks were seen. Otherwise the far side of the page can be half a page away from
    /// where the map says: the tag shows the directions of the page well, and its perspective badly.
    pub fn is_in_position(&self) -> bool {
        self.marks_count() == self.marks_seen.len()
    }

    /// Pixels in a millimetre, at the smallest part of the page.
    pub fn pixels_per_mm(&self, form: &FormGeometry) -> f64 {
        form.frame()
            .corners()
            .into_iter()
            .map(|corner| {
                let (across, down) = self.map.scale_at(corner);
                across.min(down)
            })
            .fold(f64::MAX, f64::min)
    }
}

/// Whether a picture shows the expected page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageMatch {
    /// The page that was expected.
    Expected,
    /// Another page of the form.
    Other(u8),
    /// No page was recognised: the witness is asked which page it is.
    Unknown,
}

/// Compares the page that was found with the expected one.
pub fn compare(found: Option<u8>, expected: u8) -> PageMatch {
    match found {
        Some(page) if page == expected => PageMatch::Expected,
        Some(page) => PageMatch::Other(page),
        None => PageMatch::Unknown,
    }
}

/// Which pages of a set of photos come twice, and which of `form` are missing; each in ascending order.
pub fn twice_and_missing(form: &FormGeometry, found: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let count = |number: u8| found.iter().filter(|page| **page == number).count();
    let numbers = || form.pages.iter().map(|page| page.number);
    (numbers().filter(|n| count(*n) > 1).collect(), numbers().filter(|n| count(*n) == 0).collect())
}

/// The tag in a picture: that of a page of `form`, else that of a page of another paper.
pub(crate) fn tag_in(gray: &Gray, form: &FormGeometry) -> Option<Tag> {
    form.landmarks()?;
    tag::find(gray, |id| form.page_of_tag(id).is_some())
}

/// The page of `form` whose tag was found, with its position.
pub(crate) fn page_of(gray: &Gray, form: &FormGeometry, tag: &Tag) -> Option<PageView> {
    let page = form.page_of_tag(tag.id)?.number;
    let print = &form.landmarks()?;
    let tag_pairs: Vec<_> = print.tag.corners().into_iter().zip(tag.corners).collect();
    let tag_map = Homography::fit(&tag_pairs)?;
    let placement =
        find_marks(gray, print, tag, &tag_map).unwrap_or(Placement { map: tag_map, marks: [None; 4] });
    Some(PageView {
        page,
        map: placement.map,
        corners: form.frame().corners().map(|corner| placement.map.apply(corner)),
        marks_seen: placement.marks.map(|mark| mark.is_some()),
    })
}

#[derive(Debug, Clone, Copy)]
struct Placement {
    map: Homography,
    marks: [Option<Candidate>; 4],
}

/// Maximum number of candidates for each corner.
const PER_CORNER: usize = 7;
/// Minimum correlation of a mark that counts as found.
const SEEN_LIKENESS_MIN: f32 = 0.5;
/// Maximum distance of the tag's corners from their position by the marks, in millimetres. Paper is wavy, and
/// lenses distort.
const TAG_MISS_MM: f64 = 9.0;

/// The choice of corner marks that fits the tag best.
fn find_marks(gray: &Gray, print: &Landmarks<'_>, tag: &Tag, tag_map: &Homography) -> Option<Placement> {
    let axes = axes_at(tag_map, print.tag.middle());
    let smooth = gray.smoothed(((print.marks.square_mm * axes.scale() / 8.0) as usize).clamp(1, 4));
    let candidates = mark::search(gray, &smooth, &axes, print.marks.square_mm);
    let choices = corner_choices(print, &candidates, &axes, tag_map.apply(print.tag.middle()));
    let mut best: Option<(f64, [Option<Candidate>; 4])> = None;
    for marks in combinations(&choices) {
        if let Some(score) = score(print, tag, &marks)
            && best.is_none_or(|(so_far, _)| score > so_far)
        {
            best = Some((score, marks));
        }
    }
    let (_, marks) = best?;
    settle(gray, print, tag, marks)
}

pub(crate) fn axes_at(map: &Homography, at: Point) -> Axes {
    let here = map.apply(at);
    let step = |p: Point| {
        let there = map.apply(p);
        Point::new(there.x - here.x, there.y - here.y)
    };
    Axes { right: step(at.plus(1.0, 0.0)), down: step(at.plus(0.0, 1.0)) }
}

/// For each corner the candidates that lie about where it must be. What is seen of the tag tells the
/// directions well and the perspective badly, so each corner has a wide zone along its direction and a
/// narrower one across.
fn corner_choices(
    print: &Landmarks<'_>,
    candidates: &[Candidate],
    axes: &Axes,
    tag_middle: Point,
) -> [Vec<Candidate>; 4] {
    let determinant = axes.right.x * axes.down.y - axes.right.y * axes.down.x;
    let in_mm = |p: Point| {
        let (dx, dy) = (p.x - tag_middle.x, p.y - tag_middle.y);
        Point::new(
            (dx * axes.down.y - dy * axes.down.x) / determinant,
            (dy * axes.right.x - dx * axes.right.y) / determinant,
        )
    };
    let middle = print.tag.middle();
    print.marks.middles().map(|corner| {
        let expected = Point::new(corner.x - middle.x, corner.y - middle.y);
        let far = expected.distance(Point::default());
        candidates
            .iter()
            .filter(|candidate| {
                let seen = in_mm(candidate.at);
                let along = (seen.x * expected.x + seen.y * expected.y) / far;
                let across = (seen.x * expected.y - seen.y * expected.x).abs() / far;
                (0.5..1.8).contains(&(along / far)) && across < far * 0.35
            })
            .copied()
            .take(PER_CORNER)
            .collect()
    })
}

fn combinations(choices: &[Vec<Candidate>; 4]) -> impl Iterator<Item = [Option<Candidate>; 4]> + '_ {
    let options = |corner: usize| choices[corner].iter().copied().map(Some).chain([None]);
    options(0).flat_map(move |a| {
        options(1).flat_map(move |b| options(2).flat_map(move |c| options(3).map(move |d| [a, b, c, d])))
    })
}

fn pairs_of(print: &Landmarks<'_>, marks: &[Option<Candidate>; 4]) -> Vec<(Point, Point)> {
    let printed = print.marks.middles();
    printed.into_iter().zip(marks).filter_map(|(p, mark)| mark.map(|m| (p, m.at))).collect()
}

/// The score of a choice of marks: many marks, high correlations, and a tag at the position that they
/// predict.
fn score(print: &Landmarks<'_>, tag: &Tag, marks: &[Option<Candidate>; 4]) -> Option<f64> {
    let mut pairs = pairs_of(print, marks);
    let count = pairs.len();
    if count < 2 {
        return None;
    }
    let printed = print.tag.corners();
    if count < 4 {
        pairs.extend(printed.into_iter().zip(tag.corners));
    }
    let map = Homography::fit(&pairs)?;
    let back = map.inverse()?;
    let miss = |from: &[(Point, Point)]| {
        from.iter().map(|(mm, px)| back.apply(*px).distance(*mm)).fold(0.0, f64::max)
    };
    let tag_pairs: Vec<_> = printed.into_iter().zip(tag.corners).collect();
    let miss = miss(&tag_pairs).max(miss(&pairs));
    // A page is seen from its front, and not so askew that its far side shrinks to a third.
    let scales = print.marks.frame.corners().map(|corner| map.scale_at(corner).0);
    let (low, high) = scales.iter().fold((f64::MAX, 0.0f64), |(low, high), s| (low.min(*s), high.max(*s)));
    if miss > TAG_MISS_MM || high > 3.0 * low {
        return None;
    }
    let alike: f64 = marks.iter().flatten().map(|mark| f64::from(mark.likeness)).sum();
    Some(alike - miss / TAG_MISS_MM * 0.6)
}

/// Measures the chosen marks again, now that their size and slant are known, looks for those still missing,
/// and fits the map to all that was seen.
fn settle(
    gray: &Gray,
    print: &Landmarks<'_>,
    tag: &Tag,
    mut marks: [Option<Candidate>; 4],
) -> Option<Placement> {
    let tag_pairs: Vec<_> = print.tag.corners().into_iter().zip(tag.corners).collect();
    let fit = |marks: &[Option<Candidate>; 4]| {
        let mut pairs = pairs_of(print, marks);
        pairs.extend(&tag_pairs);
        Homography::fit(&pairs)
    };
    let mut map = fit(&marks)?;
    for _ in 0..2 {
        for (mark, printed) in marks.iter_mut().zip(print.marks.middles()) {
            let axes = axes_at(&map, printed);
            let square_mm = print.marks.square_mm;
            let start = match *mark {
                Some(mark) => mark.at,
                None => best_around(gray, map.apply(printed), &axes, square_mm),
            };
            let seen = mark::refine(gray, start, &axes, square_mm);
            *mark = (seen.likeness >= SEEN_LIKENESS_MIN && gray.holds(seen.at, 0.0)).then_some(seen);
        }
        // A mark that pulls the tag away from where it is seen is something else.
        for corner in 0..4 {
            let mut without = marks;
            without[corner] = None;
            if marks[corner].is_some()
                && score(print, tag, &marks).is_none()
                && score(print, tag, &without).is_some()
            {
                marks = without;
            }
        }
        map = fit(&marks)?;
    }
    Some(Placement { map, marks })
}

/// The point with the best correlation near the expected position of a mark.
fn best_around(gray: &Gray, middle: Point, axes: &Axes, square_mm: f64) -> Point {
    const STEPS: i32 = 20;
    let mut best = (0.0, middle);
    for row in -STEPS..=STEPS {
        for column in -STEPS..=STEPS {
            let offset = axes.offset(f64::from(column) * square_mm * 0.5, f64::from(row) * square_mm * 0.5);
            let at = middle.plus(offset.x, offset.y);
            if gray.holds(at, 0.0) {
                let likeness = mark::likeness(gray, at, axes, square_mm);
                if likeness > best.0 {
                    best = (likeness, at);
                }
            }
        }
    }
    best.1
}
