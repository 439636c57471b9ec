//! The mistakes of a package, in lines that tell a person what to do.

use std::fmt;

/// Maximum number of mistakes that are listed. Further ones are counted.
const MISTAKES_LISTED_MAX: usize = 100;

/// One mistake in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// JSON path, for instance `contests[0].candidates[2].number`. Empty for the file as a whole.
    pub path: String,
    /// What is wrong and what to do about it.
    pub reason: String,
}

impl Mistake {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

/// Why a package was refused: all mistakes that were found, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageError {
    file: Option<String>,
    mistakes: Vec<Mistake>,
    unlisted: usize,
}

impl PackageError {
    pub(super) fn of(mistake: Mistake) -> Self {
        Self { file: None, mistakes: vec![mistake], unlisted: 0 }
    }

    /// The same mistakes, with the name of the file.
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Adds further mistakes, except at paths that have one already.
    pub(super) fn and(self, more: Vec<Mistake>) -> Self {
        let mut found = Mistakes { listed: self.mistakes, unlisted: self.unlisted };
        for mistake in more {
            if found.listed.iter().all(|listed| listed.path != mistake.path) {
                found.add(mistake.path, mistake.reason);
            }
        }
        Self { file: self.file, mistakes: found.listed, unlisted: found.unlisted }
    }

    /// The mistakes, in the package's order.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref();
        for (line, Mistake { path, reason }) in self.mistakes.iter().enumerate() {
            if line > 0 {
                f.write_str("\n")?;
            }
            for prefix in [file, (!path.is_empty()).then_some(path.as_str())].into_iter().flatten() {
                write!(f, "{prefix}: ")?;
            }
            f.write_str(reason)?;
        }
        if self.unlisted > 0 {
            write!(f, "\n… and {} more", self.unlisted)?;
        }
        Ok(())
    }
}

impl std::error::Error for PackageError {}

/// The mistakes found so far.
#[derive(Default)]
pub(super) struct Mistakes {
    listed: Vec<Mistake>,
    unlisted: usize,
}

impl Mistakes {
    pub(super) fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        if self.listed.len() < MISTAKES_LISTED_MAX {
            self.listed.push(Mistake::new(path, reason));
        } else {
            self.unlisted += 1;
        }
    }

    pub(super) fn into_result<T>(self, fine: T) -> Result<T, PackageError> {
        if self.listed.is_empty() {
            Ok(fine)
        } else {
            Err(PackageError { file: None, mistakes: self.listed, unlisted: self.unlisted })
        }
    }
}
