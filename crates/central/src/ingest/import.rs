//! Import of what came by hand: a bundle file, or a picture of a tally's QR code.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::path::Path;

use evidence::bundle::{self, BundleError, Item, Reader};
use evidence::{Namespace, PhotoHash, qr};
use protocol::{Outcome, Problem, ProblemCode, limit};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

use super::batch;
use super::photos::{picture, upload};
use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::refusal::Refusal;

/// Maximum length of a picture with a code, in bytes. Only its beginning is read when it is longer.
const PICTURE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// The outcome of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Imported {
    /// Statements that are stored now, those included that were stored before.
    pub accepted: u32,
    /// Of these, statements that were stored before.
    pub already_here: u32,
    /// Statements that were refused, with the reason of each.
    pub refused: Vec<String>,
    /// Photos that are complete now.
    pub photos: u32,
    /// Photos that were refused, with the reason of each.
    pub photos_refused: Vec<String>,
}

/// Why a file was refused as a whole. Then nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("cannot read the file")]
    Io(#[from] io::Error),
    #[error("nothing was imported: the file is no complete bundle")]
    Bundle(#[from] BundleError),
    /// The picture has no code of a statement.
    #[error(
        "nothing was imported: the picture shows no readable code of a tally ({0}); take it again from nearer"
    )]
    NoCode(String),
    #[error("the endpoint failed: {0}")]
    Endpoint(String),
}

impl Endpoint {
    /// Imports a file: a bundle, or a JPEG or PNG picture of a tally's code. A damaged file is refused as a
    /// whole, before anything of it is stored. A second import of the same file changes nothing.
    pub fn import(&self, file: &Path) -> Result<Imported, ImportError> {
        let mut input = File::open(file)?;
        let mut begin = Vec::new();
        input.by_ref().take(8).read_to_end(&mut begin)?;
        input.rewind()?;
        if begin.starts_with(&[0xff, 0xd8, 0xff]) || begin.starts_with(b"\x89PNG") {
            let mut picture = Vec::new();
            input.take(PICTURE_BYTES_MAX).read_to_end(&mut picture)?;
            let mut imported = Imported::default();
            let statement = self.statement_in_picture(&picture)?;
            self.import_statements(vec![statement], &mut imported)?;
            return Ok(imported);
        }
        // The first pass reads all of it, so that a damaged bundle, or one of a drill in the real count,
        // leaves nothing behind.
        bundle::check_of(self.package().namespace(), BufReader::new(&input))?;
        input.rewind()?;
        self.import_bundle(BufReader::new(input))
    }

    fn import_bundle(&self, input: impl io::Read) -> Result<Imported, ImportError> {
        let mut imported = Imported::default();
        let mut statements = Vec::new();
        // In a bundle the statements come before the photos, so a photo's statement is stored before the
        // photo.
        for item in Reader::of(self.package().namespace(), input)? {
            match item? {
                Item::Statement(bytes) => {
                    statements.push(bytes);
                    if statements.len() == limit::STATEMENTS_PER_PUSH {
                        self.import_statements(std::mem::take(&mut statements), &mut imported)?;
                    }
                }
                Item::Photo(bytes) => {
                    self.import_statements(std::mem::take(&mut statements), &mut imported)?;
                    self.import_photo(&bytes, &mut imported)?;
                }
                // Keys and proofs are for those who verify the bundle. The endpoint has its own.
                Item::DeviceKey(_)
                | Item::LogKey(_)
                | Item::Rotation(_)
                | Item::Checkpoint(_)
                | Item::Consistency(_)
                | Item::Receipt(_)
                | Item::Verdict(_) => {}
            }
        }
        self.import_statements(statements, &mut imported)?;
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
        let outcome = batch::ingest(self, statements, |_, _| Ok(()), |_, _| Ok(()))
            .map_err(|refusal| failed(&refusal))?;
        imported.already_here += outcome.already_stored;
        for outcome in outcome.response.outcomes {
            match outcome {
                Outcome::Accepted { .. } => imported.accepted += 1,
                Outcome::Refused { problem } => imported.refused.push(in_words(&problem)),
            }
        }
        Ok(())
    }

    fn import_photo(&self, bytes: &[u8], imported: &mut Imported) -> Result<(), ImportError> {
        let hash = PhotoHash(Sha256::digest(bytes).into());
        match upload::accept_whole(self, bytes) {
            Ok(progress) if progress.is_complete => imported.photos += 1,
            Ok(_) => imported.photos_refused.push(format!("{hash}: shorter than its statement says")),
            Err(refusal) if refusal.problem.code == ProblemCode::Internal => return Err(failed(&refusal)),
            Err(refusal) => {
                imported.photos_refused.push(format!("{hash}: {}", in_words(&refusal.problem)));
            }
        }
        Ok(())
    }
}

impl Endpoint {
    /// The statement in a picture of a code.
    fn statement_in_picture(&self, picture: &[u8]) -> Result<Vec<u8>, ImportError> {
        let decoded_bytes = picture::decoded_bytes(picture).unwrap_or(0);
        let _budget = self.pixel_bytes().acquire(decoded_bytes);
        statement_in_picture(self.package().namespace(), picture)
    }
}

/// The statement in a picture of a code.
fn statement_in_picture(namespace: Namespace, bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let unreadable = |reason: &dyn std::fmt::Display| ImportError::NoCode(reason.to_string());
    // Decoding needs memory in proportion to the dimensions, so they are checked first.
    picture::examine(bytes, limit::ORIGINAL_PIXELS_MAX).map_err(|error| unreadable(&error_chain(&error)))?;
    let grey = image::load_from_memory(bytes).map_err(|error| unreadable(&error))?.into_luma8();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        usize::try_from(grey.width()).unwrap_or(0),
        usize::try_from(grey.height()).unwrap_or(0),
        |x, y| grey.as_raw()[y * grey.width() as usize + x],
    );
    let mut last = String::from("no code was found");
    for grid in prepared.detect_grids() {
        match grid.decode() {
            Ok((_, text)) => match qr::statement_of(namespace, &text) {
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

fn failed(refusal: &Refusal) -> ImportError {
    ImportError::Endpoint(refusal.problem.detail.clone())
}
