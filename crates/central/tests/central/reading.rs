//! What a device read in a photo, and the pieces of the photo, beside what was typed.

use axum::http::StatusCode;
use central::view::{CropsView, ReadView, Role, StationView};
use evidence::{Body as Said, PhotoBody, ReadFigure, Seen, photo_answer_key};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::FormGeometry;
use sheet::draw::{BoxMark, Distortion, FilledField, blank_page, fill_page};

use crate::post::{Post, demo_subject, hash_of, photo_body, picture, sound_tally};

/// A photo of page 2 with the candidates' votes 12, 3 and 5 on it, in the size that devices send.
pub(crate) fn page_2() -> Vec<u8> {
    let form = FormGeometry::known("c-hasil-ppwp-2024").unwrap();
    let page = form.page(2).unwrap();
    let votes = [12, 3, 5];
    let filled: Vec<FilledField> = (page.fields.iter().zip(votes))
        .map(|(field, votes)| FilledField::number(&field.code, votes, field.boxes.len(), BoxMark::Cross))
        .collect();
    let shot = Distortion::Plain.shot(4);
    let drawn = fill_page(&blank_page(form, page, 2.2), page, &filled, 4);
    let rgb = drawn.photographed(form.paper_mm, &shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 70)
        .write_image(&rgb, shot.width_px as u32, shot.height_px as u32, ExtendedColorType::Rgb8)
        .unwrap();
    jpeg
}

#[tokio::test]
async fn the_coordinator_sees_what_the_device_read_otherwise_and_the_piece_of_the_photo() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut typed = sound_tally(&post.paper(), [12, 8, 5]);
    typed.acknowledged.push(photo_answer_key("IV.2", 3));
    let tally = phone.tally(&station, typed);
    let bytes = page_2();
    let read = |field: &str, figure, certainty_permille| ReadFigure {
        field: field.to_owned(),
        figure: Some(figure),
        certainty_permille,
    };
    let seen = Seen {
        page: Some(2),
        issues: vec!["blurred".to_owned()],
        read: vec![read("IV.1", 12, 990), read("IV.2", 3, 950), read("IV.3", 6, 100)],
    };
    let body = PhotoBody { seen: Some(seen), ..photo_body(tally.id, 2, &bytes) };
    let photo = phone.seal(demo_subject(&station), Said::Photo(body));
    post.push(&[&tally.bytes, &photo.bytes]).await;
    post.photo_piece(hash_of(&bytes), 0, &bytes).await;

    let cookie = post.user("koordinator", Role::Admin, None).await;
    let page: StationView = post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    let of = |code: &str| {
        let fields = page.sections.iter().flat_map(|section| &section.fields);
        fields.into_iter().find(|row| row.field.as_str() == code).unwrap().read[0]
    };
    assert!(matches!(of("IV.1"), Some(ReadView { figure: 12, differs: false, .. })));
    assert!(matches!(of("IV.2"), Some(ReadView { figure: 3, differs: true, answered: true, .. })));
    assert_eq!(of("IV.3"), None, "the device was not sure of it");
    assert_eq!(
        (page.photos[0].seen_page, &page.photos[0].issues[..]),
        (Some(2), &["blurred".to_owned()][..])
    );

    let address = format!("/api/photos/{}/crops?contest=ppwp", hash_of(&bytes));
    let crops: CropsView = post.get(&address, &cookie).await.json();
    assert_eq!(crops.page, Some(2));
    let fields: Vec<&str> = crops.crops.iter().map(|crop| crop.field.as_str()).collect();
    assert_eq!(fields, ["IV.1", "IV.2", "IV.3"]);
    assert!(crops.crops.iter().all(|crop| crop.width_px > crop.height_px && crop.jpeg.starts_with("/9j/")));
}

#[tokio::test]
async fn a_photo_without_a_pages_mark_has_no_pieces_and_one_that_has_not_arrived_is_not_found() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let (here, coming) = (picture(1, 60), picture(2, 60));
    let photos = [phone.photo(&station, tally.id, 1, &here), phone.photo(&station, tally.id, 2, &coming)];
    post.push(&[&tally.bytes, &photos[0].bytes, &photos[1].bytes]).await;
    post.photo_piece(hash_of(&here), 0, &here).await;
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let crops =
        |bytes: &[u8], contest: &str| format!("/api/photos/{}/crops?contest={contest}", hash_of(bytes));
    let none: CropsView = post.get(&crops(&here, "ppwp"), &cookie).await.json();
    assert_eq!(none, CropsView { page: None, crops: vec![] });
    assert_eq!(post.get(&crops(&coming, "ppwp"), &cookie).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post.get(&crops(&here, "nothing"), &cookie).await.status, StatusCode::NOT_FOUND);
}
