//! What was written, read back by a reader that is not ours.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use lopdf::Document as Read;
use print::{About, Cell, Column, Document, Jpeg};

fn about() -> About {
    About {
        title: "Berkas TPS 001 – Désa".into(),
        language: "id".into(),
        footer: "Saksi · 52.71.01.1001-001".into(),
        page_of: |page, pages| format!("Halaman {page} dari {pages}"),
    }
}

fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = vec![120; 60 * 40 * 3];
    jpeg_encoder::Encoder::new(&mut jpeg, 80).encode(&pixels, 60, 40, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}

/// A document with a table of so many rows, between a paragraph and a photo.
fn document(rows: usize) -> Vec<u8> {
    let photo = photo();
    let photo = Jpeg::of(&photo).unwrap();
    let mut document = Document::new(Vec::new(), about()).unwrap();
    document.title("Berkas TPS 001").unwrap();
    document.paragraph("Angka di bawah ini ditandatangani oleh saksi.").unwrap();
    let columns = [Column::left(3.0), Column::right(1.0), Column::left(1.0)];
    let mut table = document.table(&columns, &["Baris", "Suara", "Foto"]).unwrap();
    for row in 0..rows {
        let cells = [Cell::text(format!("Baris ke-{row}")), Cell::strong("123"), Cell::picture(photo, 4.0)];
        table.row(&cells).unwrap();
    }
    drop(table);
    document.photo(&photo, 90.0, "Halaman 1, saksi A").unwrap();
    document.finish().unwrap()
}

fn text_of(file: &Read, page: u32) -> String {
    file.extract_text(&[page]).unwrap()
}

#[test]
fn another_reader_finds_the_text_the_title_and_the_photo() {
    let bytes = document(2);
    let file = Read::load_mem(&bytes).unwrap();
    let text = text_of(&file, 1);
    for expected in ["Berkas TPS 001", "ditandatangani oleh saksi.", "Baris ke-1", "123", "Halaman 1 dari 1"]
    {
        assert!(text.contains(expected), "{expected:?} is not in {text:?}");
    }
    let pages = file.get_pages();
    let pictures = file.get_page_images(pages[&1]).unwrap();
    assert_eq!(pictures.len(), 3, "one in each row, and one below");
    assert!(pictures.iter().all(|picture| (picture.width, picture.height) == (60, 40)));
    assert!(pictures.iter().all(|picture| picture.content == photo()), "the bytes as they came");
}

#[test]
fn the_head_of_a_table_and_the_number_are_on_each_page() {
    let file = Read::load_mem(&document(150)).unwrap();
    let pages = u32::try_from(file.get_pages().len()).unwrap();
    assert!(pages >= 3, "{pages}");
    for page in 1..=pages {
        let text = text_of(&file, page);
        assert!(text.contains(&format!("Halaman {page} dari {pages}")), "{text:?}");
        assert_eq!(text.contains("Baris ke-"), text.contains("Suara"), "page {page}");
    }
    let all: String = (1..=pages).map(|page| text_of(&file, page)).collect();
    assert!((0..150).all(|row| all.contains(&format!("Baris ke-{row}\n"))), "no row is lost");
}

#[test]
fn a_row_that_is_higher_than_a_page_is_continued() {
    let mut document = Document::new(Vec::new(), about()).unwrap();
    let mut table = document.table(&[Column::left(1.0), Column::left(1.0)], &["Nama", "Isi"]).unwrap();
    let words: Vec<String> = (0..2_000).map(|word| format!("kata{word}")).collect();
    table.row(&[Cell::text("Panjang"), Cell::text(words.join(" "))]).unwrap();
    table.row(&[Cell::text("Sesudahnya"), Cell::text("")]).unwrap();
    drop(table);
    let file = Read::load_mem(&document.finish().unwrap()).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    assert!(pages.len() > 2);
    let all: String = pages.iter().map(|page| text_of(&file, *page).replace('\n', " ")).collect();
    assert!(words.iter().all(|word| all.contains(&format!("{word} "))));
    assert!(all.contains("Sesudahnya"));
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    assert_eq!(document(40), document(40));
}

#[test]
fn an_empty_document_has_one_page() {
    let bytes = Document::new(Vec::new(), about()).unwrap().finish().unwrap();
    assert_eq!(Read::load_mem(&bytes).unwrap().get_pages().len(), 1);
}

#[test]
fn what_the_receiver_refuses_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(Document::new(Full, about()).is_err());
}
