//! What came by hand: a bundle file, or a picture of a tally's QR code.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::path::Path;

use evidence::bundle::{self, BundleError, Item, Reader};
use evidence::{PhotoHash, qr};
use protocol::{Outcome, Problem, ProblemCode, limit};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

use crate::endpoint::Endpoint;
use crate::ingest::batch;
use crate::ingest::photos::picture;
use crate::ingest::photos::upload;
use crate::refusal::Refusal;

/// Longest picture that is searched for a code, in bytes.
const PICTURE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Imported {
    /// Statements that are here now, those included that were here before.
    pub accepted: u32,
    /// Those of them that were here before.
    pub already_here: u32,
    /// Statements that were refused, with the reason of each.
    pub refused: Vec<String>,
    /// Photos that are whole now.
    pub photos: u32,
    /// Photos that were not taken, with the reason of each.
    pub photos_refused: Vec<String>,
}

/// Why a file was not taken at all. Nothing of it was kept then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is no whole bundle.
    #[error("nothing was taken in: {0}")]
    Bundle(#[from] BundleError),
    /// It is a picture without a code of a statement in it.
    #[error(
        "nothing was taken in: the picture shows no code of a tally that can be read ({0}); take it again from nearer"
    )]
    NoCode(String),
    /// The endpoint itself has a fault.
    #[error("the endpoint has a fault: {0}")]
    Endpoint(String),
}

impl Endpoint {
    /// Takes in what a file holds: a bundle, or a JPEG or PNG picture of a tally's code. A damaged file is refused as a
    /// whole, before anything of it is kept. Taking the same file in again changes nothing.
    pub fn import(&self, file: &Path) -> Result<Imported, ImportError> {
        let mut input = File::open(file)?;
        let mut begin = Vec::new();
        input.by_ref().take(8).read_to_end(&mut begin)?;
        input.rewind()?;
        if begin.starts_with(&[0xff, 0xd8, 0xff]) || begin.starts_with(b"\x89PNG") {
            let mut picture = Vec::new();
            input.take(PICTURE_BYTES_MAX).read_to_end(&mut picture)?;
            let mut imported = Imported::default();
            self.import_statements(vec![statement_in_picture(&picture)?], &mut imported)?;
            return Ok(imported);
        }
        // First all of it is read, so that a damaged bundle leaves nothing behind.
        bundle::check(BufReader::new(&input))?;
        input.rewind()?;
        self.import_bundle(BufReader::new(input))
    }

    fn import_bundle(&self, input: impl io::Read) -> Result<Imported, ImportError> {
        let mut imported = Imported::default();
        let mut waiting = Vec::new();
        // A bundle's statements stand before its photos, so a photo's statement is here before it.
        for item in Reader::new(input)? {
            match item? {
                Item::Statement(bytes) => {
                    waiting.push(bytes);
                    if waiting.len() == limit::STATEMENTS_PER_PUSH {
                        self.import_statements(std::mem::take(&mut waiting), &mut imported)?;
                    }
                }
                Item::Photo(bytes) => {
                    self.import_statements(std::mem::take(&mut waiting), &mut imported)?;
                    self.import_photo(&bytes, &mut imported)?;
                }
                // Keys and proofs are for whoever checks the bundle; this endpoint knows its own.
                Item::DeviceKey(_)
                | Item::LogKey(_)
                | Item::Rotation(_)
                | Item::Checkpoint(_)
                | Item::Consistency(_)
                | Item::Receipt(_) => {}
            }
        }
        self.import_statements(waiting, &mut imported)?;
        Ok(imported)
    }

    fn import_statements(
        &self,
        statements: Vec<Vec<u8>>,
        imported: &mut Imported,
    ) -> Result<(), ImportError> {
        if statements.is_empty() {
            return Ok(());
        }
        let statements = statements.into_iter().map(ByteBuf::from).collect();
        let received = batch::take_in(self, statements, |_, _| Ok(())).map_err(|refusal| fault(&refusal))?;
        imported.already_here += received.already_here;
        for outcome in received.response.outcomes {
            match outcome {
                Outcome::Accepted { .. } => imported.accepted += 1,
                Outcome::Refused { problem } => imported.refused.push(in_words(&problem)),
            }
        }
        Ok(())
    }

    fn import_photo(&self, bytes: &[u8], imported: &mut Imported) -> Result<(), ImportError> {
        let hash = PhotoHash(Sha256::digest(bytes).into());
        match upload::take_whole(self, hash, bytes) {
            Ok(progress) if progress.whole => imported.photos += 1,
            Ok(_) => imported.photos_refused.push(format!("{hash}: shorter than it was announced")),
            Err(refusal) if refusal.problem.code == ProblemCode::Internal => return Err(fault(&refusal)),
            Err(refusal) => {
                imported.photos_refused.push(format!("{hash}: {}", in_words(&refusal.problem)));
            }
        }
        Ok(())
    }
}

/// The statement in a picture of a code.
fn statement_in_picture(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let unreadable = |reason: &dyn std::fmt::Display| ImportError::NoCode(reason.to_string());
    // Its dimensions are looked at before it is decoded.
    picture::examine(bytes).map_err(|error| unreadable(&error))?;
    let grey = image::load_from_memory(bytes).map_err(|error| unreadable(&error))?.into_luma8();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        usize::try_from(grey.width()).unwrap_or(0),
        usize::try_from(grey.height()).unwrap_or(0),
        |x, y| grey.as_raw()[y * grey.width() as usize + x],
    );
    let mut last = String::from("no code was found");
    for grid in prepared.detect_grids() {
        match grid.decode() {
            Ok((_, text)) => match qr::statement(&text) {
                Ok(bytes) => return Ok(bytes),
                Err(error) => last = error.to_string(),
            },
            Err(error) => last = error.to_string(),
        }
    }
    Err(ImportError::NoCode(last))
}

fn in_words(problem: &Problem) -> String {
    format!("{}: {}", problem.title, problem.detail)
}

fn fault(refusal: &Refusal) -> ImportError {
    ImportError::Endpoint(refusal.problem.detail.clone())
}
