//! Draws practice sheets into a folder, as drawn and as photographed, to be looked at: `cargo run -p
//! saksi-sheet --release --example draw_sheets -- FOLDER [SEED] [PAPER]`. PAPER is `ppwp`, the built-in form,
//! or one of those in `tests/papers`: `dpr`, `dpd`, `kwk-gubernur`, … . Those are also drawn blank, and
//! photographed once.

use std::error::Error;
use std::path::{Path, PathBuf};

use image::RgbImage;
use sheet::draw::{BoxMark, Canvas, Distortion, FilledField, Mistake, SeededRng, blank_page, fill_page};
use sheet::{FormGeometry, PageGeometry, layout};

#[path = "../tests/papers/mod.rs"]
mod papers;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let paper = arguments.next().unwrap_or_else(|| "ppwp".into());
    std::fs::create_dir_all(&folder)?;
    let own = papers::all().into_iter().find(|(name, _)| *name == paper);
    let form = match &own {
        Some((_, paper)) => layout::drawing(paper)?,
        None if paper == "ppwp" => FormGeometry::known("c-hasil-ppwp-2024").ok_or("the form")?.clone(),
        None => return Err(format!("{paper} is not known").into()),
    };
    let shots = if own.is_some() { &[Distortion::Everything][..] } else { &Distortion::ALL };
    let mut random = SeededRng::new(seed);
    for page in &form.pages {
        let blank = blank_page(&form, page, 2.2);
        if own.is_some() {
            save_canvas(&blank, &folder.join(format!("page-{:02}-blank.png", page.number)))?;
        }
        let fields = filled(page, form.form == "c-hasil-ppwp-2024", &mut random);
        let drawn = fill_page(&blank, page, &fields, seed + u64::from(page.number));
        save_canvas(&drawn, &folder.join(format!("page-{:02}.png", page.number)))?;
        for distortion in shots {
            let shot = distortion.shot(seed * 100 + u64::from(page.number));
            let photo = drawn.photographed(form.paper_mm, &shot).ok_or("the sheet is out of sight")?;
            let name = format!("page-{:02}-{distortion:?}.jpg", page.number).to_lowercase();
            save(shot.width_px, shot.height_px, &photo, &folder.join(name))?;
        }
    }
    Ok(())
}

/// Figures for a page; two mistakes on page 2 of the presidential form.
fn filled(page: &PageGeometry, with_mistakes: bool, random: &mut SeededRng) -> Vec<FilledField> {
    let fields = page.fields.iter().enumerate();
    let fill = |(i, field): (usize, &sheet::FieldGeometry)| {
        let value = random.below(300) as u32;
        let leading = [BoxMark::Cross, BoxMark::Dash, BoxMark::Empty][random.below(3)];
        let filled = FilledField::number(&field.code, value, field.boxes.len(), leading)
            .in_words("dua ratus tujuh puluh empat")
            .tallied(value);
        match (with_mistakes, page.number, i) {
            (true, 2, 1) => filled.with(Mistake::CrossedBubble, random),
            (true, 2, 2) => filled.with(Mistake::Overwritten, random),
            _ => filled,
        }
    };
    fields.map(fill).collect()
}

fn save_canvas(canvas: &Canvas, path: &Path) -> Result<(), Box<dyn Error>> {
    save(canvas.width(), canvas.height(), canvas.rgb(), path)
}

fn save(width: usize, height: usize, rgb: &[u8], path: &Path) -> Result<(), Box<dyn Error>> {
    let picture =
        RgbImage::from_raw(width as u32, height as u32, rgb.to_vec()).ok_or("a picture of nothing")?;
    Ok(picture.save(path)?)
}
