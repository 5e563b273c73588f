//! Draws the README's curves: lines in an SVG, with the name of each line at its end.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::figures::Figures;

/// One picture.
struct Curve {
    file: &'static str,
    title: &'static str,
    across: &'static str,
    up: &'static str,
    /// The names of the lines, and the names of their figures.
    lines: &'static [(&'static str, &'static str)],
}

const CURVES: [Curve; 5] = [
    Curve {
        file: "credentials-memory",
        title: "Memory of one credential",
        across: "credentials in one process, each with its token",
        up: "bytes each",
        lines: &[
            ("edx-auth ureq", "credentials/edx-auth ureq bytes"),
            ("edx-auth reqwest", "credentials/edx-auth reqwest bytes"),
        ],
    },
    Curve {
        file: "credentials-threads",
        title: "Threads while all credentials are cold",
        across: "credentials in one process, all asked for at once",
        up: "threads, at most",
        lines: &[
            ("edx-auth ureq", "credentials/edx-auth ureq threads"),
            ("edx-auth reqwest", "credentials/edx-auth reqwest threads"),
        ],
    },
    Curve {
        file: "threads",
        title: "Threads on one source",
        across: "threads, all calling as fast as they can",
        up: "ns of wall time for each call of all",
        lines: &[
            ("edx-auth ureq", "threads/edx-auth ureq"),
            ("edx-auth reqwest", "threads/edx-auth reqwest"),
            ("by hand", "threads/by hand"),
        ],
    },
    Curve {
        file: "lengths",
        title: "Responses around longer tokens",
        across: "KiB of token",
        up: "ns to read one",
        lines: &[
            ("edx-auth", "length/edx-auth"),
            ("by hand", "length/by hand"),
            ("by hand, claims too", "length/by hand with claims"),
        ],
    },
    Curve {
        file: "lengths-hot",
        title: "Calls with longer tokens",
        across: "KiB of token",
        up: "ns for each call",
        lines: &[
            ("edx-auth ureq", "length/edx-auth ureq hot"),
            ("edx-auth reqwest", "length/edx-auth reqwest hot"),
            ("by hand, two clocks", "length/by hand hot"),
        ],
    },
];

/// Draws all pictures into this directory.
///
/// # Errors
///
/// Returns an error if a file cannot be written.
pub fn draw(figures: &Figures, directory: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(directory)?;
    CURVES
        .iter()
        .try_for_each(|curve| curve.draw(figures, directory))
}

impl Curve {
    fn draw(&self, figures: &Figures, directory: &Path) -> Result<(), Box<dyn Error>> {
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|(_, key)| points(key, figures))
            .collect();
        // The points have equal distances: each step multiplies the previous one by the same factor.
        let steps: Vec<f64> = lines.iter().flatten().map(|(at, _)| *at).collect();
        let steps = in_order(steps);
        let most = lines.iter().flatten().map(|(_, value)| *value);
        let most = most.fold(1.0, f64::max) * 1.1;
        let last = steps.len().saturating_sub(1) as f64;

        let path = directory.join(self.file).with_extension("svg");
        let root = SVGBackend::new(&path, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .caption(self.title, ("sans-serif", 18))
            .margin(10)
            .margin_right(ROOM_FOR_NAMES)
            .x_label_area_size(40)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..last, 0.0..most)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(WHITE)
            .bold_line_style(BLACK.mix(0.15))
            .x_labels(steps.len())
            .x_label_formatter(&|at| step_at(&steps, *at))
            .y_label_formatter(&|value| grouped(*value))
            .x_desc(self.across)
            .y_desc(self.up)
            .draw()?;
        let mut ends = Vec::new();
        for (((name, _), points), colour) in self.lines.iter().zip(&lines).zip(COLOURS) {
            let place = |at: f64| steps.iter().position(|step| *step == at).unwrap_or(0) as f64;
            let points: Vec<_> = points
                .iter()
                .map(|(at, value)| (place(*at), *value))
                .collect();
            chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?;
            let dots = points.iter().map(|at| Circle::new(*at, 3, colour.filled()));
            chart.draw_series(dots)?;
            if let Some(end) = points.last() {
                ends.push((chart.backend_coord(end), *name, colour));
            }
        }
        name_ends(&root, ends)?;
        root.present()?;
        Ok(())
    }
}

/// Places the names at the ends of their lines, without overlap.
fn name_ends(
    root: &DrawingArea<SVGBackend<'_>, Shift>,
    mut ends: Vec<((i32, i32), &str, RGBColor)>,
) -> Result<(), Box<dyn Error>> {
    ends.sort_by_key(|((_, down), ..)| *down);
    let mut free = 0;
    for ((across, down), name, colour) in ends {
        let down = free.max(down - LINE / 2);
        free = down + LINE;
        let style = ("sans-serif", 12).into_font().color(&colour);
        root.draw(&Text::new(name, (across + 8, down), style))?;
    }
    Ok(())
}

/// Returns the figures of one line, from left to right.
fn points(line: &str, figures: &Figures) -> Vec<(f64, f64)> {
    let of = |(key, value): (&String, &f64)| {
        let at = key.strip_prefix(line)?.strip_prefix('/')?;
        Some((at.parse::<f64>().ok()?, *value))
    };
    let mut points: Vec<_> = figures.0.iter().filter_map(of).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points
}

fn in_order(mut steps: Vec<f64>) -> Vec<f64> {
    steps.sort_by(f64::total_cmp);
    steps.dedup();
    steps
}

/// Returns the step at this position, if there is one.
fn step_at(steps: &[f64], at: f64) -> String {
    let step = (0_u32..)
        .zip(steps)
        .find(|(place, _)| (f64::from(*place) - at).abs() < 0.01);
    step.map_or_else(String::new, |(_, step)| grouped(*step))
}

/// Formats a whole number with commas.
#[must_use]
pub fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

const SIZE: (u32, u32) = (720, 360);
const ROOM_FOR_NAMES: u32 = 140;
const LINE: i32 = 14;
const COLOURS: [RGBColor; 3] = [BLUE, RED, BLACK];
