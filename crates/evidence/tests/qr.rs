//! A statement goes from screen to camera: another decoder than ours reads the code, and nothing bent passes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use evidence::qr::{self, Picture, QR_BYTES_MAX, QrError};
use evidence::{Body, DeviceKey, Draft, Namespace, StatementId, Subject, Supersedes, TallyBody};
use proptest::prelude::*;

/// A presidential tally, as a device sealed it.
fn tally() -> Vec<u8> {
    let hex = include_str!("golden/tally-v1.hex").trim();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// What a decoder reads that shares no code with the one that drew the picture.
fn decoded(picture: &Picture, pixels_per_square: usize) -> String {
    let side = picture.side() * pixels_per_square;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        if picture.is_dark(x / pixels_per_square, y / pixels_per_square) { 20 } else { 235 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code is in the picture");
    grids[0].decode().unwrap().1
}

#[test]
fn a_presidential_tally_is_one_code_that_another_decoder_reads() {
    let statement = tally();
    assert!(statement.len() < 600);
    let picture = Picture::draw(&statement).unwrap();
    // At most version 16 of 40, with its margin: it fits a small phone's screen.
    assert!(picture.side() <= 81 + 8, "{} squares", picture.side());
    for pixels_per_square in [3, 4, 7] {
        let text = decoded(&picture, pixels_per_square);
        assert_eq!(text, qr::text(&statement).unwrap());
        assert_eq!(qr::statement(&text).unwrap(), statement);
    }
}

/// A DPR tally of 18 parties with 8 candidates each: 22 figures of voters and ballots, 10 of each list, 3 of
/// all votes. A re-vote, corrected, with six findings answered.
fn dpr_tally() -> Vec<u8> {
    let lists = (1..=18_i64).flat_map(|party| {
        let (own, first) = (party % 7, party * 5 % 40);
        [own, first, 3, -1, 1, -1, -1, 2, -1, own + first + 6]
    });
    let people = [143, 141, 284, 120, 128, 248, 2, 1, 3, 0, 1, 1, 122, 130, 252, 291, 252, 1, 38, 0, 1, 1];
    let figures = people.into_iter().chain(lists).chain([248, 4, 252]).map(Some).collect();
    let draft = Draft {
        subject: Subject {
            namespace: Namespace::Real,
            election: "pemilu-2029".into(),
            station: "52.71.05.1001-901".into(),
        },
        sealed_at_s: 1_796_821_200,
        sequence: 70_000,
        previous: Some(StatementId([7; 32])),
        body: Body::Tally(TallyBody {
            contest: "dpr-nusa-tenggara-barat-2".into(),
            package_version: 30,
            form: "c-hasil-dpr-2024".into(),
            figures,
            acknowledged: (3..9).map(|party| format!("F403@IV.{party}")).collect(),
            supersedes: Some(Supersedes {
                statement: StatementId([9; 32]),
                reason: "Salah ketik pada partai 7, calon nomor 3".into(),
            }),
            round: 2,
        }),
    };
    draft.seal(&DeviceKey::from_seed([42; 32])).unwrap().bytes
}

#[test]
fn a_tally_of_party_lists_is_one_code_that_another_decoder_reads() {
    let statement = dpr_tally();
    let picture = Picture::draw(&statement).unwrap();
    println!(
        "a DPR tally of 18 parties with 8 candidates: {} bytes, a code of {} squares a side",
        statement.len(),
        picture.side() - 8
    );
    assert!(statement.len() <= 1_200, "{} bytes", statement.len());
    for pixels_per_square in [3, 4] {
        let text = decoded(&picture, pixels_per_square);
        assert_eq!(qr::statement(&text).unwrap(), statement);
    }
}

#[test]
fn the_longest_statement_that_is_allowed_has_a_code() {
    assert!(Picture::draw(&[0xff; QR_BYTES_MAX]).is_ok());
    let too_long = QrError::TooLong { bytes: QR_BYTES_MAX + 1 };
    assert_eq!(Picture::draw(&[0xff; QR_BYTES_MAX + 1]), Err(too_long));
}

#[test]
fn the_svg_has_the_same_squares_as_the_picture() {
    let picture = Picture::draw(b"x").unwrap();
    let svg = picture.to_svg();
    let dark = (0..picture.side())
        .map(|row| (0..picture.side()).filter(|&column| picture.is_dark(column, row)).count());
    let drawn: usize = svg
        .split('h')
        .filter_map(|part| part.split_once('v').filter(|(_, rest)| rest.starts_with('1')))
        .map(|(run, _)| run.parse::<usize>().unwrap())
        .sum();
    assert_eq!(drawn, dark.sum::<usize>());
}

#[test]
fn a_text_of_another_code_differs_from_a_damaged_one() {
    assert_eq!(qr::statement("https://example.org"), Err(QrError::Other));
    assert_eq!(qr::statement("SAKSI2:00"), Err(QrError::Other));
    assert_eq!(qr::statement("SAKSI1:0"), Err(QrError::Damaged));
    let longer = format!("SAKSI1:{}", "0".repeat(3_000));
    assert_eq!(qr::statement(&longer), Err(QrError::TooLong { bytes: 2_000 }));
}

proptest! {
    #[test]
    fn any_bytes_come_back_and_no_other_text_gives_them(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        index: usize,
        letter in proptest::char::any(),
    ) {
        let text = qr::text(&bytes).unwrap();
        prop_assert_eq!(qr::statement(&text), Ok(bytes.clone()));
        let mut letters: Vec<char> = text.chars().collect();
        let index = index % letters.len();
        prop_assume!(letters[index] != letter);
        letters[index] = letter;
        prop_assert_ne!(qr::statement(&letters.into_iter().collect::<String>()), Ok(bytes));
    }
}
