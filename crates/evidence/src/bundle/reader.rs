//! Reads a bundle strictly, one item at a time.

use std::collections::BTreeMap;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::{BUNDLE_BYTES_MAX, BundleError, END, ITEMS_MAX, Item, Kind, name, writer};
use crate::statement::Namespace;

/// Reads a bundle item by item, with one item in memory at a time.
///
/// The bundle is complete only if the iterator ends without an error. To refuse a damaged bundle as a whole,
/// run [`check`] first.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    namespace: Namespace,
    hasher: Sha256,
    last: Option<(Kind, [u8; 32])>,
    items: u64,
    bytes: u64,
    is_over: bool,
}

/// Number of items of each kind in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The kinds in the bundle, with their numbers of items.
    pub items: BTreeMap<Kind, u64>,
}

/// Reads a bundle of any namespace to its end and counts its items.
pub fn check<R: Read>(input: R) -> Result<Summary, BundleError> {
    count(Reader::new(input)?)
}

/// The same for a reader of one namespace.
pub fn check_of<R: Read>(namespace: Namespace, input: R) -> Result<Summary, BundleError> {
    count(Reader::of(namespace, input)?)
}

fn count<R: Read>(reader: Reader<R>) -> Result<Summary, BundleError> {
    let mut summary = Summary::default();
    for item in reader {
        *summary.items.entry(item?.kind()).or_default() += 1;
    }
    Ok(summary)
}

impl<R: Read> Reader<R> {
    /// Starts to read and checks the name of the format, which says of which namespace the bundle is.
    pub fn new(mut input: R) -> Result<Self, BundleError> {
        let (namespace, name) = read_name(&mut input)?;
        let hasher = Sha256::new();
        let mut reader = Self { input, namespace, hasher, last: None, items: 0, bytes: 0, is_over: false };
        reader.digest(name);
        Ok(reader)
    }

    /// The same for a reader of one namespace: a bundle of the other is refused.
    pub fn of(namespace: Namespace, input: R) -> Result<Self, BundleError> {
        let reader = Self::new(input)?;
        namespace.expect(reader.namespace)?;
        Ok(reader)
    }

    /// Whether the bundle is of the real count or of a drill.
    pub fn namespace(&self) -> Namespace {
        self.namespace
    }

    fn digest(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn next_item(&mut self) -> Result<Option<Item>, BundleError> {
        let position = self.items + 1;
        let wrong = |reason| BundleError::Item { position, reason };
        let [array, number] = self.exactly()?;
        if array != 0x82 {
            return Err(wrong("not a pair of kind and content"));
        }
        if number == END {
            return self.end().map(|()| None);
        }
        let kind = Kind::of_number(number).ok_or(wrong("an unknown kind"))?;
        let (head, length) = self.length().map_err(|error| error.at(position))?;
        if length > kind.bytes_max() as u64 {
            return Err(wrong("it exceeds the maximum length of its kind"));
        }
        if position > ITEMS_MAX || self.bytes + length > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLarge);
        }
        let content = self.content(length)?;
        self.digest(&[array, number]);
        self.digest(&head);
        self.digest(&content);

        let item = Item::read(kind, content).map_err(wrong)?;
        if item.namespace().is_some_and(|found| found != self.namespace) {
            return Err(wrong("a statement of another namespace than the bundle's"));
        }
        let order = item.order();
        if self.last.is_some_and(|last| last >= order) {
            return Err(wrong("it is a duplicate, or out of order"));
        }
        self.last = Some(order);
        self.items = position;
        Ok(Some(item))
    }

    /// Reads the rest of the last item, which has one encoding, and checks that nothing follows.
    fn end(&mut self) -> Result<(), BundleError> {
        let wanted = writer::end(self.items, &self.hasher);
        let mut found = vec![0; wanted.len() - 2];
        self.input.read_exact(&mut found).map_err(|error| self.cut_short(error))?;
        if found != wanted[2..] {
            return Err(BundleError::Damaged);
        }
        match self.input.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(BundleError::Trailing),
        }
    }

    /// The head of a byte string and its length. Only the shortest form is accepted.
    fn length(&mut self) -> Result<(Vec<u8>, u64), LengthError> {
        let [first] = self.exactly()?;
        let (more, smallest) = match first {
            0x40..0x58 => return Ok((vec![first], u64::from(first - 0x40))),
            0x58 => (1, 24),
            0x59 => (2, 0x100),
            0x5a => (4, 0x1_0000),
            _ => return Err(LengthError::Form),
        };
        let mut head = vec![first; 1 + more];
        self.input.read_exact(&mut head[1..]).map_err(|error| self.cut_short(error))?;
        let length = head[1..].iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        if length < smallest { Err(LengthError::Form) } else { Ok((head, length)) }
    }

    /// `length` bytes. Memory grows with the bytes that arrive, not with the announced length.
    fn content(&mut self, length: u64) -> Result<Vec<u8>, BundleError> {
        let mut content = Vec::new();
        let read = (&mut self.input).take(length).read_to_end(&mut content)?;
        if read as u64 == length { Ok(content) } else { Err(BundleError::CutShort { items: self.items }) }
    }

    fn exactly<const N: usize>(&mut self) -> Result<[u8; N], BundleError> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(|error| self.cut_short(error))?;
        Ok(bytes)
    }

    fn cut_short(&self, error: io::Error) -> BundleError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => BundleError::CutShort { items: self.items },
            _ => BundleError::Io(error),
        }
    }
}

/// The name at the beginning. The names differ in length, and the first byte tells it.
fn read_name(input: &mut impl Read) -> Result<(Namespace, &'static [u8]), BundleError> {
    let mut first = [0];
    fill(input, &mut first)?;
    let known = Namespace::ALL.into_iter().find(|namespace| name(*namespace).starts_with(&first));
    let namespace = known.ok_or(BundleError::NotABundle)?;
    let wanted = name(namespace);
    let mut rest = vec![0; wanted.len() - 1];
    fill(input, &mut rest)?;
    if rest == wanted[1..] { Ok((namespace, wanted)) } else { Err(BundleError::NotABundle) }
}

/// Fills the buffer. A file that is too short for a name is not a bundle.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<(), BundleError> {
    input.read_exact(buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BundleError::NotABundle,
        _ => BundleError::Io(error),
    })
}

enum LengthError {
    Form,
    Bundle(BundleError),
}

impl From<BundleError> for LengthError {
    fn from(error: BundleError) -> Self {
        Self::Bundle(error)
    }
}

impl LengthError {
    fn at(self, position: u64) -> BundleError {
        match self {
            Self::Form => {
                BundleError::Item { position, reason: "not a byte string of a length in shortest form" }
            }
            Self::Bundle(error) => error,
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Item, BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.next_item().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}
