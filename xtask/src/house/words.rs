//! Words that this repository no longer uses, and the word to use instead. The field's words are in
//! `docs/glossary.md`.

use std::path::Path;

use super::source;
use crate::workspace::root;

/// How a retired word is found.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// As words in a row, in any case and any spelling: `taken in`, `taken_in`, `TakenIn`, over a line's end
    /// too.
    Words(&'static str),
    /// As one identifier, exactly; in code not in comments and strings, where it may begin a sentence.
    Name(&'static str),
    /// As these characters, exactly.
    Text(&'static str),
}

use Found::{Name, Text, Words};

/// What is retired, and what to write.
const RETIRED: &[(Found, &str)] = &[
    (Words("told"), "error_chain, InboxEntry, ReceivedTally, RunReport; in prose: reported"),
    (Words("anew"), "again, from scratch"),
    (Words("whoever"), "the one who is meant: client, caller, operator"),
    (Words("manieth"), "the number of …"),
    (Words("farewell"), "shutdown grace period"),
    (Words("turned away"), "throttled (429), rejected (503)"),
    (Words("turns away"), "throttles (429), rejects (503)"),
    (Words("so often"), "Maximum number of …, Interval at which …"),
    (Text("/// So many"), "Maximum number of …"),
    (Words("take in"), "ingest"),
    (Words("takes in"), "ingests"),
    (Words("taken in"), "ingested"),
    (Words("taking in"), "ingestion"),
    (Words("reception"), "ingest; of radio: signal"),
    (Words("another hand"), "handle"),
    (Words("take along"), "accept_bundle"),
    (Words("taken along"), "CourierReceipt; carried"),
    (Words("way to a server"), "round trip"),
    (Words("ways to a server"), "round trips"),
    (Words("ways to the server"), "round trips"),
    (Words("ways to the store"), "round trips"),
    (Words("copy of the program"), "replica, instance"),
    (Words("copies of the program"), "replicas, instances"),
    (Words("chance"), "rng, jitter; in prose: randomness"),
    (Words("got in the way"), "is_conflict"),
    (Words("stumbled"), "conflicted"),
    (Words("is permanent"), "is_transient"),
    (Name("Outside"), "Environment, Platform"),
    (Name("Held"), "StoredPhoto, AlreadyStored, ConnectionCounts"),
    (Name("Kept"), "MemoryNodes"),
    (Name("Asked"), "QueryParams"),
    (Name("Group"), "GroupCommit"),
    (Name("Desk"), "TallyRecord, Checker"),
    (Name("Turns"), "Permits, Lanes"),
    (Text("Given::Up"), "TxError::Aborted"),
    (Text(".passes()"), "is_transient()"),
    (Text("struct Light "), "SimWitness"),
    (Name("Bones"), "Skeleton"),
    (Name("Trouble"), "ErrorPanel"),
    (Name("Crumbs"), "Breadcrumbs"),
    (Name("Nowhere"), "NotFound"),
    (Name("Loupe"), "Magnifier"),
    (Text("Empty.svelte"), "EmptyState"),
    (Text("Along.svelte"), "Courier"),
    (Text("Carry.svelte"), "ExportBundle"),
    (Text("carrying.rs"), "courier.rs"),
    (Text("screens.rs"), "view_build.rs"),
    (Text("/// Which.\n"), "a doc that says something, or none"),
    (Text("/// Why.\n"), "a doc that says something, or none"),
    (Text("/// What.\n"), "a doc that says something, or none"),
    (Text("/// Whom.\n"), "a doc that says something, or none"),
    (
        Text(": {source}\")]"),
        "no source in the text of an error that has a source field: error_chain prints it",
    ),
];

/// The folders and files that are checked.
const PLACES: &[&str] = &[
    "crates",
    "src-tauri",
    "tests",
    "xtask",
    "fuzz",
    "ui/src",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    ".config",
];

/// Files that may contain retired words: this one, and texts for the users of the app and the console.
const EXCEPT: &[&str] = &[
    "xtask/src/house/words.rs",
    "docs/glossary.md",
    "docs/checks.md",
    "crates/tally/src/check/code.rs",
    "ui/src/witness/text/en.ts",
    "ui/src/witness/text/id.ts",
    "ui/src/console/text/en.ts",
    "ui/src/console/text/id.ts",
    "ui/src/console/text/official-en.ts",
    "ui/src/console/text/official-id.ts",
    "ui/src/console/text/people-en.ts",
    "ui/src/console/text/people-id.ts",
    "ui/src/shared/text/en.ts",
    "ui/src/shared/text/id.ts",
];

/// Texts that travel over the wire and stay as they are: path, and a part of the line.
const ON_THE_WIRE: &[(&str, &str)] = &[("crates/protocol/src/problem.rs", "The file cannot be taken in")];

const EXTENSIONS: &[&str] = &["rs", "md", "ts", "svelte", "css", "html", "toml", "py", "sh", "json"];

#[test]
fn retired_words_do_not_come_back() {
    let mut hits = Vec::new();
    for place in PLACES.iter().map(|place| root().join(place)).filter(|place| place.exists()) {
        for path in source::files(&place).unwrap() {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            if is_checked(&path) && !EXCEPT.contains(&name.as_str()) {
                hits.extend(hits_in_file(&name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(hits.is_empty(), "{} retired words:\n{}", hits.len(), hits.join("\n"));
}

fn hits_in_file(name: &str, text: String) -> Vec<String> {
    let text = without_wire_texts(name, text);
    let is_code = [".rs", ".ts", ".svelte"].iter().any(|extension| name.ends_with(extension));
    let code = if is_code { source::without_literals(&text) } else { text.clone() };
    let in_name = hits_in(name, name).into_iter().map(|(_, what)| format!("{name}: {what}, in its name"));
    let in_text = hits_in(&text, &code).into_iter().map(|(line, what)| format!("{name}:{line}: {what}"));
    in_name.chain(in_text).collect()
}

/// The text without [`ON_THE_WIRE`]; lines keep their numbers.
fn without_wire_texts(name: &str, text: String) -> String {
    let texts = ON_THE_WIRE.iter().filter(|(path, _)| *path == name);
    texts.fold(text, |text, (_, on_the_wire)| text.replace(on_the_wire, ""))
}

fn is_checked(path: &Path) -> bool {
    let is_text =
        path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known));
    // Stored bytes of a wire format or of an old database are what they are.
    is_text
        && !path.components().any(|part| ["golden", "generated"].iter().any(|name| part.as_os_str() == *name))
}

/// The lines with a retired word, and what to write. `code` is the text without comments and strings, if it
/// is Rust.
fn hits_in(text: &str, code: &str) -> Vec<(usize, String)> {
    let words = words_of(text);
    let mut hits = Vec::new();
    for (found, instead) in RETIRED {
        let (retired, places) = match found {
            Words(phrase) => (phrase, in_a_row(&words, phrase)),
            Name(name) => (name, names(code, name)),
            Text(characters) => (characters, text.match_indices(characters).map(|(at, _)| at).collect()),
        };
        let what = format!("{:?} is retired, write {instead}", retired.trim());
        hits.extend(places.into_iter().map(|at| (source::line_of(text, at), what.clone())));
    }
    hits.sort();
    hits
}

/// A word in lower case, where it begins, and whether only blanks and comment marks are between it and the
/// one before.
struct Word {
    text: String,
    at: usize,
    follows: bool,
}

/// The words of a text; `takenIn`, `TakenIn` and `taken_in` are two each.
fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before = ' ';
    let mut follows = true;
    for (at, character) in text.char_indices() {
        if !character.is_alphabetic() {
            follows &= character.is_whitespace() || "_-/!*#>".contains(character);
        } else if before.is_alphabetic() && !(before.is_lowercase() && character.is_uppercase()) {
            if let Some(word) = words.last_mut() {
                word.text.extend(character.to_lowercase());
            }
        } else {
            words.push(Word { text: character.to_lowercase().collect(), at, follows });
            follows = true;
        }
        before = character;
    }
    words
}

fn in_a_row(words: &[Word], phrase: &str) -> Vec<usize> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let rows = words.windows(wanted.len()).filter(|row| {
        row.iter().zip(&wanted).all(|(word, wanted)| word.text == *wanted)
            && row.iter().skip(1).all(|word| word.follows)
    });
    rows.filter_map(|row| row.first()).map(|word| word.at).collect()
}

fn names(text: &str, name: &str) -> Vec<usize> {
    let is_whole = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(source::is_word) && !after.is_some_and(source::is_word)
    };
    text.match_indices(name).map(|(at, _)| at).filter(|at| is_whole(*at)).collect()
}

#[test]
fn a_phrase_is_found_in_every_spelling() {
    for text in ["taken in", "Taken\n/// in", "fn taken_in()", "struct TakenIn;", "wasTakenIn"] {
        assert_eq!(hits_in(text, text).len(), 1, "{text}");
    }
    for text in ["taken, in", "mistaken in", "taken inside", "retold"] {
        assert!(hits_in(text, text).is_empty(), "{text}");
    }
}

#[test]
fn a_name_is_found_alone_and_as_it_is_written() {
    assert_eq!(hits_in("a\nlet x = Held::new();", "a\nlet x = Held::new();").len(), 1);
    assert_eq!(hits_in("a\nlet x = Held::new();", "a\nlet x = Held::new();")[0].0, 2);
    assert!(hits_in("is_held, WithHeld", "is_held, WithHeld").is_empty());
}
