//! A failure on standard error: as text for people, or as one JSON object.

use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::iter::successors;

use edx_auth_ureq::Error;
use serde::Serialize;

use super::Failure;

#[derive(Serialize)]
struct Report {
    error: String,
    causes: Vec<String>,
    advice: &'static str,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

/// Writes a failure. If standard error is closed, the exit code has to do.
pub(super) fn write(failure: &Failure, json: bool) {
    let report = Report::of(failure);
    let text = if json {
        serde_json::to_string(&report).unwrap_or_default()
    } else {
        report.text()
    };
    let _closed = writeln!(io::stderr(), "{text}");
}

/// Writes that the command goes on though something is missing, why, and what to do.
pub(crate) fn warn(missing: &str, error: &(dyn StdError + 'static), advice: &str) {
    let said = format!("{missing}: {}", one_line(error));
    let line = joined(&said, &causes(&said, error));
    let _closed = writeln!(io::stderr(), "edx-auth: {line}\n{advice}");
}

/// Returns a failure with its causes, on one line.
pub(super) fn line(failure: &Failure) -> String {
    Report::of(failure).line()
}

impl Report {
    fn of(failure: &Failure) -> Self {
        let error = what(failure);
        Self {
            causes: causes(&error, failure),
            error,
            advice: failure.advice(),
            exit_code: failure.code() as u8,
            retry_after_seconds: failure.retry_after().map(|wait| wait.as_secs()),
        }
    }

    /// Returns the error with its causes on one line, and the advice on another.
    fn text(&self) -> String {
        format!("edx-auth: {}\n{}", self.line(), self.advice)
    }

    fn line(&self) -> String {
        joined(&self.error, &self.causes)
    }
}

fn joined(error: &str, causes: &[String]) -> String {
    let causes = causes.iter();
    causes.fold(error.to_owned(), |line, cause| format!("{line}: {cause}"))
}

/// Returns the causes of an error of which this was said. One that the text before it quotes is left out.
fn causes(said: &str, error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut said = said.to_owned();
    let mut causes = Vec::new();
    for cause in successors(error.source(), |cause| (*cause).source()).map(one_line) {
        if !said.contains(&cause) {
            said.push_str(&cause);
            causes.push(cause);
        }
    }
    causes
}

/// Returns what failed, and what the API says about it.
fn what(failure: &Failure) -> String {
    let text = one_line(failure);
    match said_by_api(failure) {
        Some(said) => format!("{text}: \"{said}\""),
        None => text,
    }
}

fn said_by_api(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::Edx(Error::Status { problem, .. }) => problem.detail().or_else(|| problem.title()),
        _ => None,
    }
}

fn one_line<E: ToString + ?Sized>(error: &E) -> String {
    error.to_string().replace(['\r', '\n'], " ")
}
