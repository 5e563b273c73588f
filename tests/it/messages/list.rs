//! The list: sections with errors and their advice, or with events and their fields.

use std::fmt;

use edx_auth_driver::Error;

#[derive(Default)]
pub(super) struct List {
    lines: Vec<String>,
    /// Every error with its advice.
    pub(super) errors: Vec<(String, String)>,
}

impl List {
    pub(super) fn section(&mut self, title: &str) {
        self.lines.extend([String::new(), format!("== {title}")]);
    }

    /// Adds an error as a program prints it: with its causes.
    pub(super) fn report(&mut self, error: impl Into<Error>) {
        let error = error.into();
        let report = error.report().to_string();
        let (what, _) = report.split_once('\n').unwrap();
        self.error(what, error.advice());
    }

    pub(super) fn error(&mut self, what: impl fmt::Display, advice: &str) {
        let what = what.to_string();
        self.entry(&what, &[advice.to_owned()]);
        self.errors.push((what, advice.to_owned()));
    }

    pub(super) fn entry(&mut self, head: &str, details: &[String]) {
        self.lines.extend([String::new(), head.to_owned()]);
        let details = details.iter().map(|detail| format!("    {detail}"));
        self.lines.extend(details);
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

const HEAD: &str = "\
The messages of edx-auth, in the order in which a user meets them. A test compares them, and writes them
again if you ask for it: EDX_AUTH_BLESS=1 cargo test -p edx-auth-tests --test it messages
";
