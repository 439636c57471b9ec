//! The objects of a PDF file, written one after the other.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Chunk, Ref};

/// A file that is being written. What was written is not kept, only where it is.
pub(crate) struct File<W> {
    out: W,
    written_bytes: u64,
    /// Where the object of each id begins; that of id 1 comes first.
    offsets: Vec<u64>,
}

impl<W: Write> File<W> {
    pub(crate) fn new(mut out: W) -> io::Result<Self> {
        // The second line says that the file is not text (ISO 32000-1, 7.5.2).
        let head = b"%PDF-1.7\n%\x80\x80\x80\x80\n";
        out.write_all(head)?;
        Ok(Self { out, written_bytes: head.len() as u64, offsets: Vec::new() })
    }

    /// The id of an object that will be written.
    pub(crate) fn take(&mut self) -> Ref {
        self.offsets.push(0);
        Ref::new(i32::try_from(self.offsets.len()).unwrap_or(i32::MAX))
    }

    /// Writes the object of this id, and nothing else.
    pub(crate) fn object(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) -> io::Result<()> {
        let mut chunk = Chunk::new();
        write(&mut chunk);
        let index = usize::try_from(id.get() - 1).unwrap_or(usize::MAX);
        if let Some(offset) = self.offsets.get_mut(index) {
            *offset = self.written_bytes;
        }
        self.put(chunk.as_bytes())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written_bytes += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Writes the table of objects and the trailer (ISO 32000-1, 7.5.4 and 7.5.5).
    pub(crate) fn finish(mut self, catalog: Ref, info: Ref) -> io::Result<W> {
        let table_at = self.written_bytes;
        let size = self.offsets.len() + 1;
        self.put(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for offset in std::mem::take(&mut self.offsets) {
            self.put(format!("{offset:010} 00000 n \n").as_bytes())?;
        }
        let (root, info) = (catalog.get(), info.get());
        let trailer = format!(
            "trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{table_at}\n%%EOF\n"
        );
        self.put(trailer.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Bytes for a stream with the filter `FlateDecode`.
pub fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Writing into memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
