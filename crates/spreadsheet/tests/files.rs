//! Whole files of each kind: what is understood, what is refused and where.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;

use proptest::collection::vec;
use proptest::prelude::any;
use spreadsheet::{Cell, CsvWriter, Fault, FaultCode, Format, Header, Limits, Row, Spreadsheet, XlsxWriter};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn read(bytes: impl Into<Vec<u8>>, limits: Limits) -> Result<Vec<Row>, Fault> {
    let mut file = Spreadsheet::open(bytes.into(), limits)?;
    file.rows(0)?.collect()
}

fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.text().into_owned()).collect()
}

fn workbook(rows: &[&[Cell]]) -> Vec<u8> {
    let mut writer = XlsxWriter::new("Rekap", &["kode", "suara"]).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn a_workbook_is_read_with_the_numbers_of_its_rows() {
    let bytes = workbook(&[
        &[Cell::of("52.71.01.1001-001"), Cell::Number(12.0)],
        &[],
        &[Cell::Number(5_271_011_001_002.0), Cell::of("1.234")],
    ]);
    let mut file = Spreadsheet::open(bytes, Limits::default()).unwrap();
    assert_eq!((file.format(), file.sheets()), (&Format::Xlsx, vec!["Rekap".to_owned()]));
    let rows: Vec<Row> = file.rows(0).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(texts(&rows[2]), ["5271011001002", "1.234"]);
    assert_eq!(*rows[1].get(1), Cell::Number(12.0));
}

#[test]
fn sirekap_s_json_becomes_rows() {
    let text = r#"{"mode":"hhcw","table":{
        "5271011001001":{"chart":{"100025":12,"100026":0,"null":null},"psu":null,"images":["a"],"persen":100},
        "5271011001002":{"chart":null,"psu":"Reguler","status":true}}}"#;
    let rows = read(text, Limits::default()).unwrap();
    let header = Header::of(&rows[0]);
    assert_eq!(header.names, ["chart", "chart.100025", "chart.100026", "kode", "persen", "psu", "status"]);
    assert_eq!(texts(&rows[1])[1..4], ["12", "0", "5271011001001"]);
    let blank = rows[2].get(header.column("chart.100025").unwrap());
    assert_eq!(*blank, Cell::Empty, "a chart of null is no reading");
    assert_eq!(read("[{\"a\":1},{\"a\":", Limits::default()).unwrap_err().code, FaultCode::Damaged);
}

#[test]
fn what_a_file_really_is_decides() {
    for (bytes, code) in [
        (&b""[..], FaultCode::NoRows),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FaultCode::OldExcel),
        (b"\xd0\xcf\x11\xe0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", FaultCode::Encrypted),
        (b"%PDF-1.7", FaultCode::UnknownFormat),
        (b"<html><table>", FaultCode::UnknownFormat),
        (b"PK\x03\x04 not a zip", FaultCode::Damaged),
        (b"{\"a\"", FaultCode::Damaged),
    ] {
        assert_eq!(read(bytes, Limits::default()).unwrap_err().code, code, "{bytes:?}");
    }
}

#[test]
fn half_a_workbook_is_damaged() {
    let whole = workbook(&[&[Cell::of("a"), Cell::Number(1.0)]]);
    for part in [2, 3, 4] {
        let half = whole[..whole.len() * part / 5].to_vec();
        assert_eq!(read(half, Limits::default()).unwrap_err().code, FaultCode::Damaged);
    }
}

#[test]
fn a_csv_without_a_last_line_break_says_so() {
    for (text, open) in [("a;b\n1;2\n", false), ("a;b\n1;2", true)] {
        let file = Spreadsheet::open(text.into(), Limits::default()).unwrap();
        assert!(matches!(file.format(), Format::Csv { open_end, .. } if *open_end == open));
    }
}

#[test]
fn every_bound_names_itself_and_the_row() {
    let limits = Limits { rows: 3, columns: 2, cell_chars: 5, text_bytes: 12, ..Limits::default() };
    for (text, code, row) in [
        ("a\nb\nc\nd\n", FaultCode::TooManyRows, 4),
        ("a,b\nc,d,e\n", FaultCode::TooManyColumns, 2),
        ("a,b\nc,dddddd\n", FaultCode::CellTooLong, 2),
        ("aaaaa,b\nccccc,dddd\n", FaultCode::TooMuchText, 2),
        ("a,b\nc,\"d\ne,f\ng,h\n", FaultCode::CellTooLong, 2),
    ] {
        let fault = read(text, limits).unwrap_err();
        assert_eq!((fault.code, fault.row), (code, Some(row)), "{text:?}");
    }
    let fault = read("a\n", Limits { bytes: 1, ..Limits::default() }).unwrap_err();
    assert_eq!((fault.code, fault.limit), (FaultCode::TooManyBytes, Some(1)));
}

#[test]
fn two_million_rows_are_refused_at_the_first_too_many() {
    let text = "1;2\n".repeat(2_000_000);
    let fault = read(text, Limits::default()).unwrap_err();
    assert_eq!((fault.code, fault.row, fault.limit), (FaultCode::TooManyRows, Some(200_001), Some(200_000)));
}

/// A workbook with the given parts beside those of an ordinary one.
fn with_part(name: &str, content: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let whole = workbook(&[&[Cell::of("a"), Cell::Number(1.0)]]);
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let part = parts.by_index_raw(index).unwrap();
        if part.name().unwrap() != name {
            zip.raw_copy_file(part).unwrap();
        }
    }
    zip.start_file(name, SimpleFileOptions::default()).unwrap();
    content.for_each(|piece| zip.write_all(&piece).unwrap());
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_read() {
    let bomb = with_part("xl/media/picture.png", std::iter::repeat_with(|| vec![0; 1 << 20]).take(20));
    assert!(bomb.len() < 100_000, "it is small: {} bytes", bomb.len());
    let limits = Limits { unpacked_bytes: 10 << 20, ..Limits::default() };
    let fault = read(bomb, limits).unwrap_err();
    assert_eq!((fault.code, fault.limit), (FaultCode::TooMuchText, Some(10 << 20)));
}

#[test]
fn an_xml_bomb_is_refused() {
    let entities = r#"<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>"#;
    let reserved = r#"<sst uniqueCount = "99999999999999"><si><t>a</t></si></sst>"#;
    let hidden: Vec<u8> = reserved.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for content in [entities.as_bytes().to_vec(), reserved.as_bytes().to_vec(), hidden] {
        let file = with_part("xl/sharedStrings.xml", std::iter::once(content));
        assert_eq!(read(file, Limits::default()).unwrap_err().code, FaultCode::Damaged);
    }
}

#[test]
fn a_cell_that_is_nowhere_is_refused() {
    for place in ["A99999999999", "ZZZZZZZZZZZ1"] {
        let sheet = format!(
            "<worksheet><sheetData><row r=\"1\"><c r = '{place}'><v>1</v></c></row></sheetData></worksheet>"
        );
        let file = with_part("xl/worksheets/sheet1.xml", std::iter::once(sheet.into_bytes()));
        assert_eq!(read(file, Limits::default()).unwrap_err().code, FaultCode::Damaged, "{place}");
    }
}

proptest::proptest! {
    /// Whatever the bytes are: rows or a fault, and never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        drop(read(bytes, Limits::default()));
    }

    /// A workbook in which some bytes are others.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(changes in vec((0_usize..6_000, 0_u8..), 1..8)) {
        let mut bytes = workbook(&[&[Cell::of("52.71.01.1001-001"), Cell::Number(12.0)]]);
        let length = bytes.len();
        changes.into_iter().for_each(|(at, byte)| bytes[at % length] = byte);
        drop(read(bytes, Limits::default()));
    }

    /// Text with the letters that mean something in a table.
    #[test]
    fn any_text_is_read_or_refused(text in "[a-z0-9,;\t\"\r\n .{}\\[\\]:-]{0,300}") {
        drop(read(text, Limits::default()));
    }
}

#[test]
fn one_long_text_in_many_cells_is_bounded() {
    let text = Cell::of(&"x".repeat(1_000));
    let row: Vec<Cell> = vec![text; 100];
    let bytes = workbook(&[&row, &row, &row]);
    let fault = read(bytes, Limits { text_bytes: 150_000, ..Limits::default() }).unwrap_err();
    assert_eq!((fault.code, fault.row), (FaultCode::TooMuchText, Some(3)));
}

#[test]
fn what_leaves_comes_back_and_is_no_formula() {
    let cells = [Cell::of("=HYPERLINK(\"http://x\")"), Cell::Number(-5.0), Cell::of("Désa, \"A\"")];
    let mut csv = CsvWriter::new(Vec::new(), &["a", "b", "c"]).unwrap();
    csv.row(&cells).unwrap();
    let csv = read(csv.finish().unwrap(), Limits::default()).unwrap();
    assert_eq!(texts(&csv[1]), ["'=HYPERLINK(\"http://x\")", "-5", "Désa, \"A\""]);
    let xlsx = read(workbook(&[&cells]), Limits::default()).unwrap();
    assert_eq!(texts(&xlsx[1]), texts(&csv[1]));
}
