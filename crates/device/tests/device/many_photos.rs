//! Several photos at once, in any order: each goes to the page that is recognised in it.

use device::DeviceError;
use device::view::FailureCode;
use evidence::PhotoHash;
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::draw::{Distortion, FilledField, Shot, blank_page, fill_page};

use crate::world::{World, key_of, picture};

const DPR: &str = "dpr-ntb-2";

/// A photo of a page of the DPR paper.
fn photo(world: &World, page: u8, shot: &Shot) -> Vec<u8> {
    let paper = world.device().paper(&key_of(DPR)).unwrap();
    let form = paper_layout::drawing(&paper).unwrap().unwrap();
    let page = form.page(page).unwrap();
    let blank: Vec<FilledField> =
        page.fields.iter().map(|field| FilledField::blank(&field.code, field.boxes.len())).collect();
    let drawn = fill_page(&blank_page(&form, page, 2.2), page, &blank, 7);
    let rgb = drawn.photographed(form.paper_mm, shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 85)
        .write_image(&rgb, shot.width_px as u32, shot.height_px as u32, ExtendedColorType::Rgb8)
        .unwrap();
    jpeg
}

fn clear(world: &World, page: u8) -> Vec<u8> {
    photo(world, page, &Distortion::Plain.shot(1))
}

/// The pages with a photo.
fn there(world: &World) -> Vec<u8> {
    let pages = world.device().tally(&key_of(DPR)).unwrap().pages;
    pages.iter().filter(|page| page.photo.is_some()).map(|page| page.page).collect()
}

fn waiting(world: &World) -> Vec<PhotoHash> {
    let tally = world.device().tally(&key_of(DPR)).unwrap();
    tally.unassigned_photos.iter().map(|photo| photo.hash.parse().unwrap()).collect()
}

#[test]
fn photos_in_any_order_go_to_their_pages_and_the_unrecognised_wait_for_the_witness() {
    let mut world = World::joined_general();
    let key = key_of(DPR);
    let photos = [clear(&world, 5), picture(1), clear(&world, 1), b"not a photo".to_vec(), clear(&world, 8)];
    let photos: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let failed = world.device().add_photos(&key, &photos).unwrap();
    let failed: Vec<(u32, FailureCode)> = failed.iter().map(|one| (one.index, one.failure.code)).collect();
    assert_eq!(failed, [(3, FailureCode::PhotoNotAnImage)], "one bad file does not stop the others");
    world.restart();
    assert_eq!(there(&world), [1, 5, 8]);
    let [unknown] = waiting(&world)[..] else { panic!("{:?}", waiting(&world)) };

    world.device().assign_photo(&key, unknown, 5).unwrap();
    assert_eq!(there(&world), [1, 5, 8]);
    let [replaced] = waiting(&world)[..] else { panic!("the photo that was there waits in its place") };
    assert_ne!(replaced, unknown);
    world.device().assign_photo(&key, replaced, 6).unwrap();
    assert_eq!((there(&world), waiting(&world)), (vec![1, 5, 6, 8], vec![]));
}

#[test]
fn a_worse_photo_does_not_replace_a_better_one() {
    let world = World::joined_general();
    let key = key_of(DPR);
    let hash_of_page_2 = |world: &World| {
        world.device().tally(&key_of(DPR)).unwrap().pages[1].photo.clone().map(|photo| photo.hash)
    };
    let blurred = photo(&world, 2, &Shot { blur_px: 2.6, ..Distortion::Plain.shot(1) });
    world.device().add_photo(&key, &blurred).unwrap();
    let first = hash_of_page_2(&world);
    world.device().add_photo(&key, &clear(&world, 2)).unwrap();
    let better = hash_of_page_2(&world);
    assert_ne!(first, better);
    world.device().add_photo(&key, &blurred).unwrap();
    assert_eq!(hash_of_page_2(&world), better);
    let [worse] = waiting(&world)[..] else { panic!("{:?}", waiting(&world)) };
    world.device().discard_photo(&key, worse).unwrap();
    assert!(waiting(&world).is_empty());
    let refusal = world.device().discard_photo(&key, worse).unwrap_err();
    assert!(matches!(refusal, DeviceError::NoSuchPhoto { .. }), "{refusal}");
}

#[tokio::test]
async fn a_photo_whose_page_is_not_known_is_not_sealed_before_the_witness_says_which_it_is() {
    let world = World::joined_general();
    let key = key_of(DPR);
    world.type_into(&key, &[("IV.1.A.1", 5)]);
    world.device().add_photos(&key, &[&clear(&world, 1), &picture(1)]).unwrap();
    world.device().seal(&key).unwrap();
    world.send().await;
    assert_eq!(world.endpoint.verified(&world.public_key()).len(), 2, "the tally and page 1");
    let [unknown] = waiting(&world)[..] else { panic!("{:?}", waiting(&world)) };
    world.device().assign_photo(&key, unknown, 3).unwrap();
    world.send().await;
    assert_eq!(world.endpoint.verified(&world.public_key()).len(), 3);
    assert_eq!((there(&world), waiting(&world)), (vec![1, 3], vec![]));
    world.device().add_photo(&key, &picture(2)).unwrap();
    assert_eq!(waiting(&world).len(), 1, "after sealing, too, it waits");
}
