//! All pages of a list.

use edx_auth_ureq::{AuthorizedClient, Pages};
use serde_json::value::RawValue;

use super::Get;
use super::checkpoint::{Checkpoint, List};
use super::progress::Progress;
use super::sink::{Array, Lines, Sink};
use crate::failure::Failure;

/// An item as the server wrote it.
type Item = Box<RawValue>;

/// Gets all items of a list and writes them.
pub(super) fn get(command: &Get, client: &AuthorizedClient, url: &str) -> Result<(), Failure> {
    if command.jsonl {
        let checkpoint = command.resume.as_deref();
        let checkpoint = checkpoint
            .map(|path| Checkpoint::at(path, List::of(command, url)))
            .transpose()?;
        let start = checkpoint.as_ref().and_then(Checkpoint::position);
        let pages = match start {
            Some(position) => client.pages_from(position),
            None => client.pages(url),
        };
        let lines = Lines::open(command.output.as_deref(), checkpoint)?;
        return copy(with_options(command, pages)?, lines);
    }
    let pages = with_options(command, client.pages(url))?;
    copy(pages, Array::of(command))
}

fn with_options(command: &Get, mut pages: Pages<Item>) -> Result<Pages<Item>, Failure> {
    for (name, value) in command.headers()? {
        pages = pages.header(name, value);
    }
    if let Some(path) = &command.items_at {
        pages = pages.items_at(path)?;
    }
    Ok(match command.retry_for {
        Some(timeout) => pages.retry_timeout(timeout),
        None => pages,
    })
}

/// Writes the items page by page.
fn copy(mut pages: Pages<Item>, mut sink: impl Sink) -> Result<(), Failure> {
    let progress = Progress::start();
    let mut position = pages.position();
    sink.end_page(position.as_ref())?;
    while let Some(item) = pages.next() {
        sink.item(item?.get());
        let next = pages.position();
        if next != position {
            progress.update(&pages.report());
            sink.end_page(next.as_ref())?;
            position = next;
        }
    }
    drop(progress);
    sink.end()
}
