//! What the doctor finds, for people and for programs.

use std::env::consts::{ARCH, OS};
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::{env, iter};

use serde::Serialize;

use crate::failure::{Code, Failure};

/// What one step found.
#[derive(Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(super) enum Finding {
    /// There is nothing to fix.
    Passed { finding: String },
    /// Something has to be fixed.
    Fault {
        finding: String,
        remedy: String,
        #[serde(skip)]
        code: Code,
    },
    /// It may be a mistake. There is nothing to fix if it is not.
    Note { finding: String },
    /// The step does not apply, or could not be taken.
    Skipped { finding: String },
}

/// What the steps found, in their order.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<(&'static str, Finding)>,
}

impl Finding {
    pub(super) fn passed(finding: impl Into<String>) -> Self {
        let finding = finding.into();
        Self::Passed { finding }
    }

    pub(super) fn note(finding: impl Into<String>) -> Self {
        let finding = finding.into();
        Self::Note { finding }
    }

    pub(super) fn skipped(finding: impl Into<String>) -> Self {
        let finding = finding.into();
        Self::Skipped { finding }
    }

    /// Returns the finding of a step that failed, with its usual remedy.
    pub(super) fn fault(failure: &Failure) -> Self {
        Self::Fault {
            finding: failure.line(),
            remedy: failure.advice().to_owned(),
            code: failure.code(),
        }
    }

    /// Returns a fault with another remedy. Other findings stay as they are.
    pub(super) fn with_remedy(self, remedy: &str) -> Self {
        match self {
            Self::Fault { finding, code, .. } => Self::Fault {
                finding,
                remedy: remedy.to_owned(),
                code,
            },
            other => other,
        }
    }

    pub(super) fn is_fault(&self) -> bool {
        self.code().is_some()
    }

    fn code(&self) -> Option<Code> {
        match self {
            Self::Fault { code, .. } => Some(*code),
            Self::Passed { .. } | Self::Note { .. } | Self::Skipped { .. } => None,
        }
    }

    /// Returns the state, its color on a terminal, and the text.
    fn shown(&self) -> (&'static str, u8, &str) {
        match self {
            Self::Passed { finding } => ("ok", GREEN, finding),
            Self::Fault { finding, .. } => ("FAULT", RED, finding),
            Self::Note { finding } => ("note", YELLOW, finding),
            Self::Skipped { finding } => ("-", GREY, finding),
        }
    }
}

impl Report {
    pub(super) fn extend(&mut self, steps: impl IntoIterator<Item = (&'static str, Finding)>) {
        self.steps.extend(steps);
    }

    pub(super) fn add(&mut self, step: &'static str, finding: Finding) {
        self.steps.push((step, finding));
    }

    /// Returns the report with one more step.
    pub(super) fn with(mut self, step: &'static str, finding: Finding) -> Self {
        self.add(step, finding);
        self
    }

    fn has_fault(&self) -> bool {
        self.first_code().is_some()
    }

    /// Returns the exit code of the first fault.
    pub(super) fn exit_code(&self) -> ExitCode {
        self.first_code().map_or(ExitCode::SUCCESS, ExitCode::from)
    }

    pub(super) fn json(&self) -> Vec<u8> {
        let steps = self.steps.iter();
        let steps = steps.map(|(step, finding)| Step { step, finding });
        let document = Document {
            version: env!("CARGO_PKG_VERSION"),
            system: format!("{OS} {ARCH}"),
            steps: steps.collect(),
        };
        let mut json = serde_json::to_vec(&document).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// Returns one step to a line, a remedy below its fault, and the outcome at the end.
    pub(super) fn text(&self) -> String {
        let title = format!("edx-auth {} on {OS} {ARCH}\n\n", env!("CARGO_PKG_VERSION"));
        let in_color = io::stdout().is_terminal() && !no_color();
        let lines = self
            .steps
            .iter()
            .map(|(step, finding)| line(step, finding, in_color));
        let end = if self.has_fault() {
            "\nFix the fault and run edx-auth doctor again.\n"
        } else {
            "\nNo fault was found.\n"
        };
        iter::once(title)
            .chain(lines)
            .chain([end.to_owned()])
            .collect()
    }

    fn first_code(&self) -> Option<Code> {
        self.steps.iter().find_map(|(_, finding)| finding.code())
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    system: String,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    step: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

fn line(step: &str, finding: &Finding, in_color: bool) -> String {
    let (state, color, text) = finding.shown();
    let state = format!("{state:<6}");
    let state = if in_color {
        format!("\x1b[{color}m{state}\x1b[0m")
    } else {
        state
    };
    match finding {
        Finding::Fault { remedy, .. } => format!("{state} {step:<14} {text}\n{:22}{remedy}\n", ""),
        _ => format!("{state} {step:<14} {text}\n"),
    }
}

/// Reports whether the user wants no color: see <https://no-color.org>.
fn no_color() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

const RED: u8 = 31;
const GREEN: u8 = 32;
const YELLOW: u8 = 33;
const GREY: u8 = 90;
