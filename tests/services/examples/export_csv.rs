//! Exports lists of courses to CSV: one thread for each list, one writer, and progress on stderr.
//!
//! ```text
//! cargo run -p edx-auth-services --example export_csv -- \
//!     'https://discovery.edx.org/api/v1/courses/?page_size=100' > courses.csv
//! ```
//!
//! It reads the `EDX_*` variables. All threads share one token.

use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc;
use std::{env, thread};

use edx_auth_ureq::AuthorizedClient;
use serde::Deserialize;

fn main() -> Result<(), Box<dyn Error>> {
    let edx = AuthorizedClient::from_env()?;
    let lists: Vec<_> = env::args().skip(1).collect();
    let mut stderr = io::stderr();
    let rows = export(&edx, &lists, &mut io::stdout().lock(), |rows| {
        // A closed stderr ends no export.
        let _ = write!(stderr, "\r{rows} courses");
    })?;
    writeln!(io::stderr(), "\r{rows} courses, complete")?;
    Ok(())
}

#[derive(Deserialize)]
struct Course {
    key: String,
    title: String,
}

/// Writes every course of these lists as a line of CSV, and returns how many there are. The first error ends
/// the export; pages that fail for a while are fetched again before that.
pub(crate) fn export(
    edx: &AuthorizedClient,
    lists: &[String],
    csv: &mut impl Write,
    mut progress: impl FnMut(usize),
) -> Result<usize, Box<dyn Error>> {
    writeln!(csv, "key,title")?;
    thread::scope(|scope| {
        // A full channel lets the readers wait for the writer.
        let (sender, courses) = mpsc::sync_channel(ROWS_IN_MEMORY);
        for list in lists {
            let sender = sender.clone();
            scope.spawn(move || {
                let mut pages = edx.pages::<Course>(list).retry_timeout(PAGE_TIMEOUT);
                // The writer is gone after an error of another list.
                while pages
                    .next()
                    .is_some_and(|course| sender.send(course).is_ok())
                {}
            });
        }
        drop(sender);
        let mut rows = 0;
        for course in courses {
            let course = course?;
            writeln!(csv, "{},{}", cell(&course.key), cell(&course.title))?;
            rows += 1;
            progress(rows);
        }
        Ok(rows)
    })
}

/// Returns a cell of CSV, quoted ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)). A spreadsheet would run
/// a text that begins like a formula, so such a text gets an apostrophe.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let apostrophe = if formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

const ROWS_IN_MEMORY: usize = 1000;

/// For how long a page is fetched again: longer than a release of the site takes.
const PAGE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15 * 60);
