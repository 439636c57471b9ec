//! Recognises the contents of files by their bytes. File names do not matter.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use evidence::bundle::{self, BundleError, Consistency, Item, VerdictRecord};
use evidence::log::NodeHash;
use evidence::{
    LogPublicKey, PhotoHash, PublicKey, Receipt, Rotation, StatementId, Unverified, UnverifiedCheckpoint, qr,
};
use serde::Deserialize;

/// Maximum length of a file that is not a bundle, in bytes. Bundles are read item by item and can be longer.
const FILE_BYTES_MAX: u64 = 32 << 20;

/// The position of a thing: a file, and the item if the file is a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) file: PathBuf,
    pub(crate) item: Option<u64>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.item.map_or(Ok(()), |item| write!(f, ", item {item}"))
    }
}

/// One thing in a file. It is well formed and not verified.
#[derive(Debug)]
pub(crate) enum Thing {
    Statement { parsed: Box<Unverified>, bytes: Vec<u8> },
    Receipt(Box<Receipt>),
    Checkpoint(Box<UnverifiedCheckpoint>),
    Consistency(Consistency),
    Rotation(Box<Rotation>),
    DeviceKey(PublicKey),
    LogKey(LogPublicKey),
    Verdict(Box<VerdictRecord>),
    Photo { hash: PhotoHash, bytes: u64 },
}

/// A thing with its position.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) at: Position,
    pub(crate) thing: Thing,
}

/// Why a file has no things.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The disk or the system refused.
    File(io::Error),
    /// The bytes are no evidence, or are damaged.
    Content(String),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<BundleError> for Unreadable {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Io(error) => Self::File(error),
            other => Self::Content(other.to_string()),
        }
    }
}

/// The things in a file. A bundle that is damaged anywhere is refused as a whole.
pub(crate) fn read(path: &Path) -> Result<Vec<Found>, Unreadable> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start)?;
    if [&b"\x6fsaksi-bundle"[..], b"\x75saksi-drill-bu"].iter().any(|name| start.starts_with(name)) {
        return Ok(read_bundle(path, start.as_slice().chain(file))?);
    }
    if length > FILE_BYTES_MAX {
        return Err(Unreadable::Content(format!("it has {length} bytes, and is not a bundle")));
    }
    let mut bytes = start;
    file.read_to_end(&mut bytes)?;
    let at = Position { file: path.to_owned(), item: None };
    let things = recognise(bytes).map_err(Unreadable::Content)?;
    Ok(things.into_iter().map(|thing| Found { at: at.clone(), thing }).collect())
}

fn read_bundle(path: &Path, input: impl io::Read) -> Result<Vec<Found>, BundleError> {
    let mut found = Vec::new();
    for (number, item) in (1..).zip(bundle::Reader::new(input)?) {
        let at = Position { file: path.to_owned(), item: Some(number) };
        // The reader of bundles yields well-formed items only, so none is skipped here.
        if let Some(thing) = of_item(item?) {
            found.push(Found { at, thing });
        }
    }
    Ok(found)
}

fn of_item(item: Item) -> Option<Thing> {
    Some(match item {
        Item::DeviceKey(key) => Thing::DeviceKey(key),
        Item::LogKey(key) => Thing::LogKey(key),
        Item::Rotation(rotation) => Thing::Rotation(rotation),
        Item::Checkpoint(note) => Thing::Checkpoint(Box::new(UnverifiedCheckpoint::parse(&note).ok()?)),
        Item::Consistency(consistency) => Thing::Consistency(consistency),
        Item::Statement(bytes) => {
            Thing::Statement { parsed: Box::new(Unverified::parse(&bytes).ok()?), bytes }
        }
        Item::Receipt(bytes) => Thing::Receipt(Box::new(Receipt::parse(&bytes).ok()?)),
        Item::Verdict(record) => Thing::Verdict(Box::new(record)),
        Item::Photo(bytes) => photo(&bytes),
    })
}

fn photo(bytes: &[u8]) -> Thing {
    Thing::Photo { hash: PhotoHash(StatementId::of(bytes).0), bytes: bytes.len() as u64 }
}

/// The things in a file that is not a bundle.
fn recognise(bytes: Vec<u8>) -> Result<Vec<Thing>, String> {
    const JPEG: &[u8] = b"\xff\xd8\xff";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    if bytes.starts_with(JPEG) || bytes.starts_with(PNG) {
        return Ok(vec![photo(&bytes)]);
    }
    if bytes.first() == Some(&0xd2) {
        return signed(bytes).map(|thing| vec![thing]);
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Err("neither a bundle, a statement, a receipt, a photo nor a text".to_owned());
    };
    let is_text_of = |start| text.trim_start().starts_with(start);
    if is_text_of("saksi/log/") {
        let checkpoint = UnverifiedCheckpoint::parse(&text).map_err(|error| error.to_string())?;
        return Ok(vec![Thing::Checkpoint(Box::new(checkpoint))]);
    }
    if is_text_of("SAKSI1:") || is_text_of("LATIHAN1:") {
        let bytes = qr::statement(text.trim()).map_err(|error| error.to_string())?;
        return signed(bytes).map(|thing| vec![thing]);
    }
    if is_text_of("{") {
        return answer(&text);
    }
    text.split_whitespace()
        .map(|hex| Rotation::from_hex(hex).map(|rotation| Thing::Rotation(Box::new(rotation))))
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|rotations| !rotations.is_empty())
        .ok_or_else(|| "a text that is nothing to be checked".to_owned())
}

/// A statement or a receipt. Both are COSE_Sign1; a receipt has no content type.
fn signed(bytes: Vec<u8>) -> Result<Thing, String> {
    match Unverified::parse(&bytes) {
        Ok(parsed) => Ok(Thing::Statement { parsed: Box::new(parsed), bytes }),
        Err(statement) => match Receipt::parse(&bytes) {
            Ok(receipt) => Ok(Thing::Receipt(Box::new(receipt))),
            Err(receipt) => Err(format!("neither a statement ({statement}) nor a receipt ({receipt})")),
        },
    }
}

/// An endpoint's response to a request for a consistency proof or for the log's keys.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Consistency { from: u64, to: u64, proof: Vec<StatementId> },
    Keys { rotations: Vec<String> },
}

fn answer(text: &str) -> Result<Vec<Thing>, String> {
    match serde_json::from_str(text) {
        Ok(Answer::Consistency { from, to, proof }) => {
            let proof: Vec<NodeHash> = proof.into_iter().map(|hash| hash.0).collect();
            Ok(vec![Thing::Consistency(Consistency { from, to, proof })])
        }
        // The current key is ignored: trust comes from the pinned one.
        Ok(Answer::Keys { rotations }) => rotations
            .iter()
            .map(|hex| Rotation::from_hex(hex).map(|rotation| Thing::Rotation(Box::new(rotation))))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string()),
        Err(_) => Err("JSON that is neither a consistency proof nor a log's keys".to_owned()),
    }
}
