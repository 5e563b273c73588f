//! Writes the report of a run: a table with ours, the best peer, the limit and the goal of every row, and the
//! curves.
//!
//! The arguments are the directory of callgrind's counts, and the README that gets the table.

mod rows;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use edx_auth_race::curves::{self, grouped};
use edx_auth_race::figures::Figures;
use rows::{Goal, ROWS};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let counts = arguments.next().expect("where the counts are");
    let readme = arguments.next().expect("where the README is");
    let mut figures = Figures::all();
    read_counts(Path::new(&counts), &mut figures);
    let table = table(&figures);
    println!("{table}");
    write_between(Path::new(&readme), &format!("{}\n{table}", machine()));
    let curves = Path::new(&readme).with_file_name("curves");
    curves::draw(&figures, &curves).expect("the curves");
}

/// Reads `counts/<group>.<case>` from callgrind's output.
fn read_counts(directory: &Path, figures: &mut Figures) {
    for entry in std::fs::read_dir(directory).expect("counts").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = entry.path().join(format!("callgrind.{name}.out"));
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("summary: "));
        let count = line.and_then(|line| line.split(' ').next()?.parse().ok());
        if let Some(count) = count {
            figures.0.insert(format!("counts/{name}"), count);
        }
    }
}

fn table(figures: &Figures) -> String {
    let mut text = String::from(
        "| row | unit | ours | best peer | limit | ours / peer | ours / limit | goal | met |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let Some(ours) = figures.get(row.ours) else {
            continue;
        };
        let peers = row
            .peers
            .iter()
            .filter_map(|(name, key)| Some((*name, figures.get(key)?)));
        let peer = peers.min_by(|one, other| one.1.total_cmp(&other.1));
        let limit = row.limit.and_then(|key| figures.get(key));
        let (goal, met) = judged(row.goal, ours, peer.map(|(_, peer)| peer), limit);
        let shown = |value: Option<f64>| value.map_or_else(|| String::from("-"), number);
        let named = peer.map_or_else(
            || String::from("-"),
            |(name, peer)| format!("{} ({name})", number(peer)),
        );
        let over = |other: Option<f64>| match other {
            Some(other) if other > 0.0 => format!("{:.2}", ours / other),
            _ => String::from("-"),
        };
        let _written = writeln!(
            text,
            "| {} | {} | {} | {named} | {} | {} | {} | {goal} | {met} |",
            row.title,
            row.unit,
            number(ours),
            shown(limit),
            over(peer.map(|(_, peer)| peer)),
            over(limit),
        );
    }
    text
}

fn judged(goal: Goal, ours: f64, peer: Option<f64>, limit: Option<f64>) -> (String, &'static str) {
    let (goal, bound) = match goal {
        Goal::AtMost(most) => (format!("<= {}", number(most)), Some(most)),
        Goal::TimesLimit(times) => (
            format!("<= {times} x limit"),
            limit.map(|limit| limit * times),
        ),
        Goal::OverLimit(more) => (
            format!("<= limit + {}", number(more)),
            limit.map(|limit| limit + more),
        ),
        Goal::BestPeerOver(times) => (
            format!("best peer >= {times} x ours"),
            peer.map(|peer| peer / times),
        ),
        Goal::TimesPeer(times) => (format!("<= {times} x peer"), peer.map(|peer| peer * times)),
        Goal::Shown => return (String::from("shown"), "-"),
    };
    let met = match bound {
        Some(bound) if ours <= bound => "yes",
        Some(_) => "**no**",
        None => "-",
    };
    (goal, met)
}

fn number(value: f64) -> String {
    if value >= 100.0 {
        grouped(value)
    } else if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// Returns the machine, the versions, and the date.
fn machine() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name\t: "))
        .unwrap_or("some CPU")
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let tree = said(
        "cargo",
        &[
            "tree",
            "--locked",
            "-p",
            "edx-auth-race",
            "--depth",
            "1",
            "-e",
            "normal",
            "--prefix",
            "none",
        ],
    );
    let peers = [
        "google-cloud-auth",
        "oauth2",
        "yup-oauth2",
        "azure_identity",
        "aws-smithy-runtime",
        "reqwest",
        "ureq",
    ];
    let version = |name: &&str| {
        tree.lines()
            .find(|line| line.starts_with(&format!("{name} v")))
            .map(ToOwned::to_owned)
    };
    let versions: Vec<_> = peers.iter().filter_map(version).collect();
    format!(
        "{} on {cores} cores of {cpu} ({}), {}, {}; {}. Load at the end of the run: {load}.\n",
        said("date", &["-u", "+%Y-%m-%d"]),
        said("uname", &["-sr"]),
        said("rustc", &["-V"]),
        said("valgrind", &["--version"]),
        versions.join(", "),
    )
}

fn write_between(readme: &Path, text: &str) {
    const BEGIN: &str = "<!-- made by benches/run -->\n";
    const END: &str = "<!-- to here -->";
    let old = std::fs::read_to_string(readme).expect("the README");
    let (before, rest) = old.split_once(BEGIN).expect("where the table begins");
    let (_, after) = rest.split_once(END).expect("where it ends");
    std::fs::write(readme, format!("{before}{BEGIN}{text}{END}{after}")).expect("the README");
}
