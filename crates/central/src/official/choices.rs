//! Which column of a table has the votes of which choice, by its name.

use std::collections::BTreeSet;

use spreadsheet::{Header, Mapping, Synonyms, normal};
use tally::{Choice, Contest, Election};

/// The fields of a table beside the votes.
pub(super) const FIELDS: &[Synonyms] = &[
    Synonyms {
        field: "code",
        words: &[
            "kode tps",
            "tps code",
            "kode",
            "kode wilayah",
            "code",
            "kode desa",
            "kode kecamatan",
            "kode kabupaten",
            "desa code",
            "region code",
            "station",
        ],
    },
    Synonyms {
        field: "provinsi",
        words: &["provinsi", "nama provinsi", "propinsi", "prov", "province", "propid"],
    },
    Synonyms {
        field: "kabupaten_kota",
        words: &[
            "kabupaten kota",
            "kabupaten",
            "kab kota",
            "kabkota",
            "kab",
            "nama kabupaten",
            "kota",
            "regency",
            "kabid",
        ],
    },
    Synonyms {
        field: "kecamatan",
        words: &["kecamatan", "nama kecamatan", "kec", "distrik", "district", "kecid"],
    },
    Synonyms {
        field: "desa",
        words: &[
            "desa kelurahan",
            "kelurahan desa",
            "desa",
            "kelurahan",
            "nama desa",
            "kel",
            "village",
            "desid",
        ],
    },
    Synonyms { field: "station", words: &["tps", "nomor tps", "no tps", "nomor_tps", "tpsid"] },
    Synonyms {
        field: "valid",
        words: &["suara sah", "jumlah suara sah", "sah", "administrasi suara sah", "valid votes", "valid"],
    },
    Synonyms {
        field: "invalid",
        words: &[
            "suara tidak sah",
            "jumlah suara tidak sah",
            "tidak sah",
            "administrasi suara tidak sah",
            "tsah",
            "invalid votes",
            "invalid",
        ],
    },
    Synonyms { field: "party", words: &["partai id", "nomor partai", "no partai", "party"] },
    Synonyms {
        field: "candidate",
        words: &["nomor urut", "nomor calon", "no urut", "nomor paslon", "paslon", "candidate"],
    },
    Synonyms { field: "votes", words: &["suara", "jumlah suara", "perolehan suara", "suara calon", "votes"] },
];

/// Words that stand beside a number in the name of a column of votes.
const BESIDE: [&str; 20] = [
    "suara",
    "paslon",
    "pas",
    "pasangan",
    "calon",
    "kandidat",
    "partai",
    "total",
    "jumlah",
    "no",
    "nomor",
    "urut",
    "perolehan",
    "c",
    "votes",
    "pemilih",
    "sah",
    "pilihan",
    "candidate",
    "party",
];

/// The field of a choice's votes.
pub(super) fn field_of(choice: Choice) -> String {
    format!("votes:{choice}")
}

/// All that votes may be stated for in a contest, in the order of the ballot.
pub(crate) fn choices(contest: &Contest) -> Vec<Choice> {
    let own = contest.candidates.iter().map(|candidate| Choice::Candidate(candidate.number));
    let of_lists = contest.lists.iter().flat_map(|list| {
        let candidates = list.candidates.iter();
        let candidates = candidates.map(|candidate| Choice::ListCandidate(list.party, candidate.number));
        [Choice::List(list.party), Choice::PartyItself(list.party)].into_iter().chain(candidates)
    });
    own.chain(of_lists).collect()
}

/// What the names of the columns suggest.
pub(super) fn guess(header: &Header, election: &Election, contest: &Contest) -> Mapping {
    let mut mapping = Mapping::guess(header, FIELDS);
    let mut taken: BTreeSet<String> = mapping.columns.values().cloned().collect();
    let known: BTreeSet<Choice> = choices(contest).into_iter().collect();
    for name in &header.names {
        let Some(choice) = choice_of(name, election, contest).filter(|choice| known.contains(choice)) else {
            continue;
        };
        let field = field_of(choice);
        if !mapping.columns.contains_key(&field) && taken.insert(name.clone()) {
            mapping.columns.insert(field, name.clone());
        }
    }
    by_sirekap_ids(header, contest, &mut mapping);
    mapping
}

/// `chart.100025` and so on: the pairs in the order of their ids, if there are as many as the contest has.
fn by_sirekap_ids(header: &Header, contest: &Contest, mapping: &mut Mapping) {
    let mut ids: Vec<(u64, &String)> = header
        .names
        .iter()
        .filter_map(|name| Some((name.strip_prefix("chart.")?.parse().ok()?, name)))
        .collect();
    ids.sort_unstable();
    if ids.len() == contest.candidates.len() && contest.lists.is_empty() {
        for (candidate, (_, name)) in contest.candidates.iter().zip(ids) {
            mapping.columns.insert(field_of(Choice::Candidate(candidate.number)), name.clone());
        }
    }
}

/// The choice that a column's name names: by a number beside known words, or by a number beside the party's
/// or candidate's name.
fn choice_of(name: &str, election: &Election, contest: &Contest) -> Option<Choice> {
    let (words, numbers) = words_and_numbers(name);
    let choice = match (numbers[..].first(), numbers.get(1)) {
        (Some(party), Some(candidate)) if numbers.len() == 2 && !contest.lists.is_empty() => {
            if *candidate == 0 {
                Choice::PartyItself(*party)
            } else {
                Choice::ListCandidate(*party, *candidate)
            }
        }
        (Some(number), None) if contest.lists.is_empty() => Choice::Candidate(*number),
        (Some(number), None) => Choice::List(*number),
        _ => return None,
    };
    let own = names_of(choice, election, contest);
    let is_known = |word: &String| BESIDE.contains(&word.as_str()) || own.contains(word);
    words.iter().all(is_known).then_some(choice)
}

fn words_and_numbers(name: &str) -> (Vec<String>, Vec<u16>) {
    let (mut words, mut numbers) = (Vec::new(), Vec::new());
    let normal = normal(name);
    for part in normal.split(' ') {
        let digits_at = part.find(|letter: char| letter.is_ascii_digit()).unwrap_or(part.len());
        let (word, digits) = part.split_at(digits_at);
        match digits.parse() {
            Ok(number) => numbers.push(number),
            Err(_) if digits.is_empty() => {}
            Err(_) => words.push(digits.to_owned()),
        }
        if !word.is_empty() {
            words.push(word.to_owned());
        }
    }
    (words, numbers)
}

/// The words of a choice's names.
fn names_of(choice: Choice, election: &Election, contest: &Contest) -> BTreeSet<String> {
    let party =
        choice.party().and_then(|number| election.parties.iter().find(|party| party.number == number));
    let candidate = contest.candidate(choice);
    let names = candidate.iter().flat_map(|candidate| &candidate.names).map(String::as_str);
    let names = names.chain(party.map(|party| party.name.as_str()));
    names.flat_map(|name| normal(name).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use spreadsheet::{Cell, Row};

    use super::*;

    fn guessed(file: &str, contest: usize, names: &[&str]) -> Vec<(String, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections");
        let election = Election::from_json(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        let header = Header::of(&Row { number: 1, cells: names.iter().map(|name| Cell::of(name)).collect() });
        let mapping = guess(&header, &election, &election.contests[contest]);
        mapping.columns.into_iter().collect()
    }

    #[test]
    fn columns_of_votes_are_recognised_by_their_numbers() {
        for names in [
            ["kode", "suara_01", "suara_02", "suara_03"],
            ["kode", "1", "2", "3"],
            ["kode", "Paslon 1", "Paslon 2", "Paslon 3"],
            ["kode", "pas1", "pas2", "pas3"],
            ["kode", "chart.100027", "chart.100025", "chart.100026"],
        ] {
            let found = guessed("demo.json", 0, &names);
            assert_eq!(found.len(), 4, "{names:?}: {found:?}");
            let first = if names[1].starts_with("chart") { names[2] } else { names[1] };
            assert!(found.contains(&("votes:1".into(), first.into())), "{names:?}: {found:?}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_suggested() {
        let found = guessed("demo.json", 0, &["tps", "pemilih_dpt_1", "foto 1", "9", "kpu 2019"]);
        assert_eq!(found, [("station".to_owned(), "tps".to_owned())]);
    }
}
