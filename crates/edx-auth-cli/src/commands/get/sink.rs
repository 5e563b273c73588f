//! Where the items of a list go.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use edx_auth_ureq::Position;

use super::Get;
use super::checkpoint::Checkpoint;
use crate::failure::Failure;

/// Takes the items of a list, one after the other.
pub(super) trait Sink {
    /// Takes an item.
    fn item(&mut self, json: &str);

    /// Takes note that a page has ended, and where the list goes on; `None` at its end.
    fn end_page(&mut self, next: Option<&Position>) -> Result<(), Failure>;

    /// Takes note that the list has ended.
    fn end(self) -> Result<(), Failure>;
}

/// A JSON array, which is written when the list is whole: a page that fails is not the end of a list, and
/// programs that import one delete what it no longer names.
pub(super) struct Array<'a> {
    text: Vec<u8>,
    command: &'a Get,
}

impl<'a> Array<'a> {
    /// Creates an empty array, which goes to where the command says.
    pub(super) fn of(command: &'a Get) -> Self {
        Self {
            text: Vec::new(),
            command,
        }
    }
}

impl Sink for Array<'_> {
    fn item(&mut self, json: &str) {
        let before = if self.text.is_empty() { "[" } else { ",\n" };
        self.text.extend_from_slice(before.as_bytes());
        self.text.extend_from_slice(json.as_bytes());
    }

    fn end_page(&mut self, _: Option<&Position>) -> Result<(), Failure> {
        Ok(())
    }

    fn end(mut self) -> Result<(), Failure> {
        let end = if self.text.is_empty() { "[]\n" } else { "]\n" };
        self.text.extend_from_slice(end.as_bytes());
        self.command.write_whole(&self.text)
    }
}

/// One item to a line. The lines of a page are written together.
pub(super) struct Lines {
    page: Vec<u8>,
    file: File,
    /// The length that the file is cut to when there is a page to write. Until then it stays as it is.
    cut_to: Option<u64>,
    checkpoint: Option<Checkpoint>,
}

impl Lines {
    /// Opens the file, or standard output. Lines after the checkpoint are removed: their page comes again.
    pub(super) fn open(
        path: Option<&Path>,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Self, Failure> {
        let written = checkpoint.as_ref().and_then(Checkpoint::written);
        let cut_to = written.or_else(|| path.map(|_| 0));
        let file = path.map_or_else(stdout, open);
        let file = file.and_then(|file| check_length(file, cut_to.unwrap_or(0)));
        let path = path.map_or_else(|| "standard output".into(), Path::to_owned);
        Ok(Self {
            page: Vec::new(),
            file: file.map_err(|error| cannot_use(path, error))?,
            cut_to,
            checkpoint,
        })
    }

    /// Writes the lines of a page, and returns the length of the output after it.
    fn write_page(&mut self) -> io::Result<u64> {
        if let (Some(length), true) = (self.cut_to, self.page.is_empty()) {
            return Ok(length);
        }
        self.cut()?;
        self.file.write_all(&self.page)?;
        self.page.clear();
        if self.checkpoint.is_none() || !is_regular(&self.file)? {
            return Ok(0);
        }
        self.file.sync_data()?;
        Ok(self.file.metadata()?.len())
    }

    /// Cuts the file once. What is no file, such as a pipe, stays as it is.
    fn cut(&mut self) -> io::Result<()> {
        if let (Some(length), true) = (self.cut_to.take(), is_regular(&self.file)?) {
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::End(0))?;
        }
        Ok(())
    }
}

impl Sink for Lines {
    fn item(&mut self, json: &str) {
        // A line break in JSON is white space: in a string it is escaped.
        let one_line = json.bytes().map(|byte| {
            if byte == b'\n' || byte == b'\r' {
                b' '
            } else {
                byte
            }
        });
        self.page.extend(one_line);
        self.page.push(b'\n');
    }

    fn end_page(&mut self, next: Option<&Position>) -> Result<(), Failure> {
        let written = self.write_page().map_err(Failure::Output)?;
        match (&mut self.checkpoint, next) {
            (Some(checkpoint), Some(next)) => checkpoint.save(next, written),
            _ => Ok(()),
        }
    }

    fn end(mut self) -> Result<(), Failure> {
        self.write_page().map_err(Failure::Output)?;
        // A list without items is an empty file.
        self.cut().map_err(Failure::Output)?;
        self.checkpoint.map_or(Ok(()), Checkpoint::remove)
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Checks that a file has at least this length.
fn check_length(file: File, length: u64) -> io::Result<File> {
    if is_regular(&file)? && file.metadata()?.len() < length {
        Err(io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(file)
    }
}

fn is_regular(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

fn cannot_use(path: PathBuf, source: io::Error) -> Failure {
    if source.kind() == io::ErrorKind::UnexpectedEof {
        return Failure::Shortened;
    }
    Failure::File { path, source }
}

/// Returns standard output as a file, without a buffer.
#[cfg(unix)]
fn stdout() -> io::Result<File> {
    use std::os::fd::AsFd as _;

    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

/// Returns standard output as a file, without a buffer.
#[cfg(windows)]
fn stdout() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;

    Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
}
