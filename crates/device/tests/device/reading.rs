//! Figures that the device reads in a photo, compared with what was typed.

use device::DeviceError;
use device::view::{PhotoIssue, ReadingView, SeenView};
use evidence::{Body, ReadFigure};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::FormGeometry;
use sheet::draw::{BoxMark, Distortion, FilledField, Shot, blank_page, fill_page};
use tally::Figure;

use crate::world::{World, key};

/// A photo of page `number` of the C.HASIL-PPWP, on which the three candidates have the votes of
/// [`crate::world::WHOLE_PAPER`].
fn photo(number: u8, shot: &Shot) -> Vec<u8> {
    let form = FormGeometry::known("c-hasil-ppwp-2024").unwrap();
    let page = form.page(number).unwrap();
    let votes = [("IV.1", 123), ("IV.2", 97), ("IV.3", 28)];
    let filled: Vec<FilledField> = page
        .fields
        .iter()
        .map(|field| {
            let value = votes.iter().find(|(code, _)| *code == field.code).map_or(1, |(_, votes)| *votes);
            FilledField::number(&field.code, value, field.boxes.len(), BoxMark::Cross)
        })
        .collect();
    let drawn = fill_page(&blank_page(form, page, 2.2), page, &filled, 7);
    let rgb = drawn.photographed(form.paper_mm, shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 85)
        .write_image(&rgb, shot.width_px as u32, shot.height_px as u32, ExtendedColorType::Rgb8)
        .unwrap();
    jpeg
}

fn clear_shot() -> Shot {
    Distortion::Plain.shot(1)
}

fn attach(world: &World, page: u8, photo: &[u8]) {
    world.device().attach_photo(&key(), page, photo).unwrap();
}

fn seen(world: &World, page: usize) -> SeenView {
    world.tally().pages[page - 1].photo.clone().unwrap().seen.unwrap()
}

fn differing(world: &World) -> Vec<ReadingView> {
    world.tally().readings.into_iter().filter(|reading| reading.differs).collect()
}

#[test]
fn nothing_is_shown_before_the_witness_has_typed_and_nothing_is_filled_in() {
    let world = World::joined();
    attach(&world, 2, &photo(2, &clear_shot()));
    let tally = world.tally();
    assert_eq!((tally.readings.len(), tally.filled), (0, 0));
    world.type_figure("IV.1", 123);
    let readings = world.tally().readings;
    assert_eq!(readings.len(), 1, "only what was typed is compared");
    assert_eq!((readings[0].read, readings[0].differs, readings[0].candidate), (123, false, Some(1)));
}

#[test]
fn a_differing_reading_waits_for_an_answer_and_an_edit_removes_the_answer() {
    let world = World::joined();
    world.type_all();
    world.type_figure("IV.1", 128);
    attach(&world, 2, &photo(2, &clear_shot()));
    for finding in world.tally().findings {
        world.device().acknowledge(&key(), &finding.finding.key, true).unwrap();
    }
    let [difference] = &differing(&world)[..] else { panic!("{:?}", world.tally().readings) };
    assert_eq!((difference.typed, difference.read, difference.page), (Figure::Written(128), 123, 2));
    assert_eq!(world.tally().open_readings, 1);
    let refusal = world.device().seal(&key()).unwrap_err();
    assert!(matches!(refusal, DeviceError::FaultsUnanswered(open) if open == [difference.key.clone()]));

    world.device().acknowledge(&key(), &difference.key, true).unwrap();
    assert_eq!(world.tally().open_readings, 0);
    world.type_figure("IV.1", 129);
    assert_eq!(world.tally().open_readings, 1, "another figure was typed, so the answer no longer holds");
}

#[tokio::test]
async fn the_reading_and_the_answer_to_it_are_sealed_with_the_tally() {
    let world = World::joined();
    world.type_all();
    world.type_figure("IV.3", 21);
    attach(&world, 2, &photo(2, &clear_shot()));
    for finding in world.tally().findings {
        world.device().acknowledge(&key(), &finding.finding.key, true).unwrap();
    }
    let difference = differing(&world).remove(0);
    world.device().acknowledge(&key(), &difference.key, true).unwrap();
    world.seal();
    world.send().await;
    let bodies: Vec<Body> =
        world.endpoint.verified(&world.public_key()).into_iter().map(|s| s.body).collect();
    let [Body::Tally(tally), Body::Photo(photo)] = &bodies[..] else { panic!("{bodies:?}") };
    assert!(tally.acknowledged.contains(&difference.key.0), "{:?}", tally.acknowledged);
    let seen = photo.seen.as_ref().unwrap();
    assert_eq!((seen.page, seen.issues.len()), (Some(2), 0));
    let figures: Vec<(&str, Option<u32>)> =
        seen.read.iter().map(|ReadFigure { field, figure, .. }| (field.as_str(), *figure)).collect();
    assert_eq!(figures, [("IV.1", Some(123)), ("IV.2", Some(97)), ("IV.3", Some(28))]);
}

#[test]
fn a_photo_of_another_page_is_recognised_and_can_be_moved_to_it() {
    let world = World::joined();
    world.type_all();
    attach(&world, 1, &photo(2, &clear_shot()));
    assert_eq!(seen(&world, 1).page, Some(2));
    assert!(world.tally().readings.is_empty());
    world.device().move_photo(&key(), 1, 2).unwrap();
    assert!(world.tally().pages[0].photo.is_none());
    assert_eq!(world.tally().readings.len(), 3);
    assert!(matches!(world.device().move_photo(&key(), 2, 9), Err(DeviceError::NoSuchPage { page: 9, .. })));
}

#[test]
fn a_bad_photo_is_kept_with_its_issues() {
    let world = World::joined();
    let blurred = Shot { blur_px: 9.0, ..clear_shot() };
    attach(&world, 2, &photo(2, &blurred));
    let issues = seen(&world, 2).issues;
    assert!(issues.contains(&PhotoIssue::Blurred), "{issues:?}");
    attach(&world, 2, &photo(2, &clear_shot()));
    assert_eq!(seen(&world, 2).issues, []);
}

#[test]
fn the_part_of_the_photo_with_a_figure_can_be_cropped() {
    let world = World::joined();
    let crop = |field: &str| world.device().crop(&key(), &field.parse().unwrap()).unwrap();
    assert_eq!(crop("IV.1"), None);
    attach(&world, 2, &photo(2, &clear_shot()));
    let piece = image::load_from_memory(&crop("IV.1").unwrap()).unwrap();
    assert!(piece.width() > piece.height(), "three boxes side by side: {}×{}", piece.width(), piece.height());
    assert_eq!(crop("I.A.L"), None, "that figure is on page 1, of which there is no photo");
}
