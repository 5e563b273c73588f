//! `edx-auth get`: one GET of an API, or all pages of a list.

mod checkpoint;
mod list;
mod progress;
mod sink;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use edx_auth_driver::ApiCall;
use edx_auth_ureq::{AuthorizedClient, RequireSuccess as _};

use crate::arguments::{Options, duration};
use crate::failure::Failure;
use crate::{output, source};

/// Get a URL of an API with the token, or all items of a paginated list.
///
/// Prints the body of the response; JSON is indented on a terminal. A response that is not a success is an
/// error.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The URL, or a path at the site, such as /api/courses/v1/courses/.
    #[arg(value_name = "URL|PATH")]
    target: String,

    /// Get all pages of a list and print its items as one JSON array, or nothing if a page fails.
    #[arg(long)]
    all_pages: bool,

    /// Where the items are in a page, such as data.courses, if not in results.
    #[arg(long, value_name = "PATH", requires = "all_pages")]
    items_at: Option<String>,

    /// Print each item on a line, as soon as its page has arrived.
    #[arg(long, requires = "all_pages")]
    jsonl: bool,

    /// Keep the position in this file, and go on from it if it exists. The output is a file, or is
    /// appended to one with >>: then each item is in it once. Into a pipe, the items of one page may be
    /// repeated after a kill.
    #[arg(long, value_name = "FILE", requires = "jsonl")]
    resume: Option<PathBuf>,

    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Send this header too.
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    headers: Vec<String>,

    /// How long to retry a request that is throttled or fails in a way that may pass. A page is retried for
    /// two minutes if this is not set, and a single request is not retried.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    retry_for: Option<Duration>,

    /// How long the request may take, with the wait for its token and the whole response; with --all-pages,
    /// each request for a page. If this is not set: 90 seconds, and the time to retry a single request.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_time: Option<Duration>,
}

impl Get {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let variables = source::variables(options)?;
        let url = if self.target.starts_with('/') {
            variables.url_of_path(&self.target)?
        } else {
            self.target.clone()
        };
        let source = source::of(&variables, options)?;
        let client = AuthorizedClient::builder(source)
            .timeout(self.timeout())
            .build()?;
        if self.all_pages {
            list::get(self, &client, &url)?;
        } else {
            self.get_one(&client, &url)?;
        }
        source::save(client.source(), &variables);
        Ok(ExitCode::SUCCESS)
    }

    /// Returns how long a request may take. A page is retried by another request.
    fn timeout(&self) -> Duration {
        let retries = self.retry_for.filter(|_| !self.all_pages);
        let default = ApiCall::DEFAULT_TIMEOUT.saturating_add(retries.unwrap_or_default());
        self.max_time.unwrap_or(default)
    }

    /// Gets one response. It is written when it has arrived as a whole.
    fn get_one(&self, client: &AuthorizedClient, url: &str) -> Result<(), Failure> {
        let mut request = client.get(url);
        for (name, value) in self.headers()? {
            request = request.header(name, value);
        }
        if let Some(timeout) = self.retry_for {
            request = request.retry_for(timeout);
        }
        let response = request.send()?.require_success()?;
        let body = read(response.into_body().into_reader(), LONGEST_BODY)?;
        self.write_whole(&body)
    }

    fn write_whole(&self, body: &[u8]) -> Result<(), Failure> {
        match &self.output {
            Some(path) => output::replace(path, body),
            None if matches!(body.trim_ascii_start(), [b'{' | b'[', ..]) => {
                output::write_json(body)
            }
            None => output::write(body),
        }
    }

    /// Returns the names and values of the headers.
    fn headers(&self) -> Result<Vec<(&str, &str)>, Failure> {
        let headers = self.headers.iter().map(|header| {
            let (name, value) = header.split_once(':')?;
            Some((name, value.trim()))
        });
        let headers: Option<Vec<_>> = headers.collect();
        headers.ok_or(Failure::Header)
    }
}

/// Reads a body as a whole, if it is no longer than this.
fn read(body: impl Read, longest: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut body = body.take(longest + 1);
    let length = body.read_to_end(&mut bytes).map_err(Failure::Body)?;
    if length as u64 > longest {
        return Err(Failure::TooLong(longest));
    }
    Ok(bytes)
}

/// More than an API sends. It is held in memory.
const LONGEST_BODY: u64 = 256 * 1024 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use clap::Parser as _;

    use super::*;
    use crate::arguments::Arguments;
    use crate::commands::Command;

    #[test]
    fn a_request_has_time_for_its_retries_unless_its_time_is_set() {
        let seconds = |options: &[&str]| {
            let words = ["edx-auth", "get", "/api/x"].iter().chain(options);
            match Arguments::try_parse_from(words).unwrap().command {
                Command::Get(get) => get.timeout().as_secs(),
                _ => 0,
            }
        };

        assert_eq!(seconds(&[]), 90);
        assert_eq!(seconds(&["--retry-for=5m"]), 390);
        assert_eq!(seconds(&["--retry-for=5m", "--max-time=10"]), 10);
        assert_eq!(seconds(&["--all-pages", "--retry-for=5m"]), 90);
        assert_eq!(seconds(&["--all-pages", "--max-time=1m"]), 60);
    }

    #[test]
    fn a_body_that_is_too_long_is_an_error() {
        assert_eq!(read(&b"abc"[..], 3).unwrap(), b"abc");
        let error = read(std::io::repeat(b'a'), 3);
        assert!(matches!(error, Err(Failure::TooLong(3))));
    }
}
