//! The rules of this repository that no compiler checks: words, map, layers, lengths, docs, width.
//!
//! Each rule is a test that names the file and the line. They read the sources as text; see [`source`].

pub(crate) mod lengths;
mod source;

#[cfg(test)]
mod cycles;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod links;
#[cfg(test)]
mod map;
#[cfg(test)]
mod width;
#[cfg(test)]
mod words;
