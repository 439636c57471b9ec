//! Draws practice sheets into a folder, as drawn and as photographed, to be looked at:
//! `cargo run -p saksi-sheet --release --example draw_sheets -- FOLDER [SEED]`.

use std::error::Error;
use std::path::PathBuf;

use image::RgbImage;
use sheet::FormGeometry;
use sheet::draw::{BoxMark, Distortion, FilledField, Mistake, SeededRng, blank_page, fill_page};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    std::fs::create_dir_all(&folder)?;
    let form =
        FormGeometry::from_json(include_str!("../../../assets/forms/c-hasil-ppwp-2024.geometry.json"))?;
    let mut random = SeededRng::new(seed);
    for page in &form.pages {
        let blank = blank_page(&form, page, 2.2);
        let fields: Vec<FilledField> = page
            .fields
            .iter()
            .enumerate()
            .map(|(i, field)| {
                let value = random.below(300) as u32;
                let leading = [BoxMark::Cross, BoxMark::Dash, BoxMark::Empty][random.below(3)];
                let filled = FilledField::number(&field.code, value, field.boxes.len(), leading)
                    .in_words("dua ratus tujuh puluh empat")
                    .tallied(value);
                match (page.number, i) {
                    (2, 1) => filled.with(Mistake::CrossedBubble, &mut random),
                    (2, 2) => filled.with(Mistake::Overwritten, &mut random),
                    _ => filled,
                }
            })
            .collect();
        let drawn = fill_page(&blank, page, &fields, seed + u64::from(page.number));
        save(drawn.width(), drawn.height(), drawn.rgb(), folder.join(format!("page-{}.png", page.number)))?;
        for distortion in Distortion::ALL {
            let shot = distortion.shot(seed * 100 + u64::from(page.number));
            let photo = drawn.photographed(form.paper_mm, &shot).ok_or("the sheet is out of sight")?;
            let name = format!("page-{}-{distortion:?}.jpg", page.number).to_lowercase();
            save(shot.width_px, shot.height_px, &photo, folder.join(name))?;
        }
    }
    Ok(())
}

fn save(width: usize, height: usize, rgb: &[u8], path: PathBuf) -> Result<(), Box<dyn Error>> {
    let picture =
        RgbImage::from_raw(width as u32, height as u32, rgb.to_vec()).ok_or("a picture of nothing")?;
    Ok(picture.save(path)?)
}
