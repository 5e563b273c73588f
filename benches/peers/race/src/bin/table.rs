//! The end of a run: every row with ours, the best peer, the limit and the goal; and the curves.
//!
//! Its arguments: where callgrind's counts are, and where the README's parts go.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use edx_auth_race::curves::{self, grouped};
use edx_auth_race::figures::Figures;

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

/// `counts/<group>.<case>` from what callgrind wrote for it.
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

/// One row: what is measured, ours, peers, the limit, and the goal.
struct Row {
    title: &'static str,
    unit: &'static str,
    ours: &'static str,
    peers: &'static [(&'static str, &'static str)],
    limit: Option<&'static str>,
    goal: Goal,
}

#[derive(Clone, Copy)]
enum Goal {
    AtMost(f64),
    TimesLimit(f64),
    OverLimit(f64),
    BestPeerOver(f64),
    TimesPeer(f64),
    Shown,
}

const ROWS: &[Row] = &[
    Row {
        title: "build a token request",
        unit: "instr",
        ours: "counts/build_ours.edx_auth",
        peers: &[],
        limit: Some("counts/build_by_hand.by_hand"),
        goal: Goal::AtMost(1_500.0),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "build/edx-auth/ns",
        peers: &[("oauth2", "build/oauth2/ns")],
        limit: Some("build/by hand/ns"),
        goal: Goal::TimesLimit(1.3),
    },
    Row {
        title: "",
        unit: "allocs",
        ours: "build/edx-auth/allocs",
        peers: &[("oauth2", "build/oauth2/allocs")],
        limit: Some("build/by hand/allocs"),
        goal: Goal::AtMost(2.0),
    },
    Row {
        title: "reply to token, opaque",
        unit: "instr",
        ours: "counts/parse_ours.opaque",
        peers: &[],
        limit: Some("counts/parse_by_hand.opaque"),
        goal: Goal::AtMost(7_500.0),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "parse/edx-auth/ns",
        peers: &[("oauth2", "parse/oauth2/ns")],
        limit: Some("parse/by hand/ns"),
        goal: Goal::TimesLimit(1.0),
    },
    Row {
        title: "",
        unit: "allocs",
        ours: "parse/edx-auth/allocs",
        peers: &[("oauth2", "parse/oauth2/allocs")],
        limit: Some("parse/by hand/allocs"),
        goal: Goal::AtMost(3.0),
    },
    Row {
        title: "reply to token, JWT looked at",
        unit: "instr",
        ours: "counts/parse_ours.jwt",
        peers: &[],
        limit: Some("counts/parse_by_hand.jwt"),
        goal: Goal::TimesLimit(2.0),
    },
    Row {
        title: "the same beside a hand that looks too",
        unit: "instr",
        ours: "counts/parse_ours.jwt",
        peers: &[],
        limit: Some("counts/parse_by_hand_with_claims.jwt"),
        goal: Goal::Shown,
    },
    Row {
        title: "",
        unit: "ns",
        ours: "parse_jwt/edx-auth/ns",
        peers: &[("oauth2, which does not look", "parse_jwt/oauth2/ns")],
        limit: Some("parse_jwt/by hand with claims/ns"),
        goal: Goal::Shown,
    },
    Row {
        title: "",
        unit: "allocs",
        ours: "parse_jwt/edx-auth/allocs",
        peers: &[("oauth2, which does not look", "parse_jwt/oauth2/allocs")],
        limit: Some("parse_jwt/by hand with claims/allocs"),
        goal: Goal::AtMost(4.0),
    },
    Row {
        title: "hot path, ureq",
        unit: "instr",
        ours: "counts/hot_ureq.edx_auth",
        peers: &[],
        limit: Some("counts/hot_by_hand.by_hand"),
        goal: Goal::Shown,
    },
    Row {
        title: "",
        unit: "ns",
        ours: "hot/edx-auth ureq/ns",
        peers: HOT,
        limit: Some("hot/by hand with clocks/ns"),
        goal: Goal::TimesLimit(1.3),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "hot/edx-auth ureq/ns",
        peers: HOT,
        limit: None,
        goal: Goal::BestPeerOver(3.0),
    },
    Row {
        title: "",
        unit: "allocs",
        ours: "hot/edx-auth ureq/allocs",
        peers: &[
            ("yup-oauth2", "hot/yup-oauth2/allocs"),
            (
                "google-cloud-auth, tag kept",
                "hot/google-cloud-auth with tag/allocs",
            ),
        ],
        limit: Some("hot/by hand/allocs"),
        goal: Goal::AtMost(0.0),
    },
    Row {
        title: "hot path, reqwest",
        unit: "instr",
        ours: "counts/hot_reqwest.edx_auth",
        peers: &[],
        limit: Some("counts/hot_by_hand.by_hand"),
        goal: Goal::Shown,
    },
    Row {
        title: "",
        unit: "ns",
        ours: "hot/edx-auth reqwest/ns",
        peers: HOT,
        limit: Some("hot/by hand with clocks/ns"),
        goal: Goal::TimesLimit(1.3),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "hot/edx-auth reqwest/ns",
        peers: HOT,
        limit: None,
        goal: Goal::BestPeerOver(3.0),
    },
    Row {
        title: "",
        unit: "allocs",
        ours: "hot/edx-auth reqwest/allocs",
        peers: &[("yup-oauth2", "hot/yup-oauth2/allocs")],
        limit: Some("hot/by hand/allocs"),
        goal: Goal::AtMost(0.0),
    },
    Row {
        title: "hot path, two threads, ureq",
        unit: "ns",
        ours: "hot2/edx-auth ureq/ns",
        peers: HOT2,
        limit: Some("hot2/by hand/ns"),
        goal: Goal::TimesLimit(1.5),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "hot2/edx-auth ureq/ns",
        peers: HOT2,
        limit: None,
        goal: Goal::TimesPeer(1.0),
    },
    Row {
        title: "hot path, two threads, reqwest",
        unit: "ns",
        ours: "hot2/edx-auth reqwest/ns",
        peers: HOT2,
        limit: Some("hot2/by hand/ns"),
        goal: Goal::TimesPeer(1.0),
    },
    Row {
        title: "cold herd, 10,000 tasks",
        unit: "ms",
        ours: "herd_tasks/edx-auth/ms",
        peers: &[
            ("google-cloud-auth", "herd_tasks/google-cloud-auth/ms"),
            ("yup-oauth2", "herd_tasks/yup-oauth2/ms"),
            ("azure_identity", "herd_tasks/azure_identity/ms"),
            ("aws-smithy-runtime", "herd_tasks/aws-smithy-runtime/ms"),
        ],
        limit: Some("herd_tasks/by hand/ms"),
        goal: Goal::TimesLimit(1.25),
    },
    Row {
        title: "",
        unit: "requests",
        ours: "herd_tasks/edx-auth/requests",
        peers: &[
            ("google-cloud-auth", "herd_tasks/google-cloud-auth/requests"),
            ("yup-oauth2", "herd_tasks/yup-oauth2/requests"),
            ("azure_identity", "herd_tasks/azure_identity/requests"),
            (
                "aws-smithy-runtime",
                "herd_tasks/aws-smithy-runtime/requests",
            ),
        ],
        limit: Some("herd_tasks/by hand/requests"),
        goal: Goal::AtMost(1.0),
    },
    Row {
        title: "",
        unit: "connections",
        ours: "herd_tasks/edx-auth/connections",
        peers: &[],
        limit: Some("herd_tasks/by hand/connections"),
        goal: Goal::AtMost(1.0),
    },
    Row {
        title: "cold herd, 256 threads",
        unit: "ms",
        ours: "herd_threads/edx-auth/ms",
        peers: &[],
        limit: Some("herd_threads/by hand/ms"),
        goal: Goal::TimesLimit(1.25),
    },
    Row {
        title: "",
        unit: "requests",
        ours: "herd_threads/edx-auth/requests",
        peers: &[],
        limit: Some("herd_threads/by hand/requests"),
        goal: Goal::AtMost(1.0),
    },
    Row {
        title: "endpoint failing, 50 callers with 3 s each",
        unit: "requests",
        ours: "failing/edx-auth/requests",
        peers: &[
            ("google-cloud-auth", "failing/google-cloud-auth/requests"),
            ("yup-oauth2", "failing/yup-oauth2/requests"),
            ("azure_identity", "failing/azure_identity/requests"),
            ("aws-smithy-runtime", "failing/aws-smithy-runtime/requests"),
        ],
        limit: None,
        goal: Goal::AtMost(3.0),
    },
    Row {
        title: "",
        unit: "s, slowest",
        ours: "failing/edx-auth/s",
        peers: &[
            (
                "google-cloud-auth, stopped at 12",
                "failing/google-cloud-auth/s",
            ),
            ("yup-oauth2, stopped at 12", "failing/yup-oauth2/s"),
            ("azure_identity, stopped at 12", "failing/azure_identity/s"),
            (
                "aws-smithy-runtime, stopped at 12",
                "failing/aws-smithy-runtime/s",
            ),
        ],
        limit: None,
        goal: Goal::AtMost(3.1),
    },
    Row {
        title: "authorized GET, reqwest",
        unit: "allocs",
        ours: "get/edx-auth reqwest/allocs",
        peers: &[],
        limit: Some("get/preset reqwest/allocs"),
        goal: Goal::OverLimit(4.0),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "get/edx-auth reqwest/ns",
        peers: &[],
        limit: Some("get/preset reqwest/ns"),
        goal: Goal::OverLimit(700.0),
    },
    Row {
        title: "authorized GET, ureq",
        unit: "allocs",
        ours: "get/edx-auth ureq/allocs",
        peers: &[],
        limit: Some("get/preset ureq with a deadline/allocs"),
        goal: Goal::OverLimit(4.0),
    },
    Row {
        title: "",
        unit: "ns",
        ours: "get/edx-auth ureq/ns",
        peers: &[],
        limit: Some("get/preset ureq with a deadline/ns"),
        goal: Goal::OverLimit(700.0),
    },
    Row {
        title: "token fetch, reqwest, with its thread and runtime",
        unit: "allocs",
        ours: "fetch/edx-auth reqwest/allocs",
        peers: &[],
        limit: Some("fetch/by hand reqwest/allocs"),
        goal: Goal::AtMost(78.0),
    },
    Row {
        title: "token fetch, ureq, with its thread",
        unit: "allocs",
        ours: "fetch/edx-auth ureq/allocs",
        peers: &[],
        limit: Some("fetch/by hand ureq/allocs"),
        goal: Goal::AtMost(63.0),
    },
    Row {
        title: "whole process, ureq",
        unit: "ms",
        ours: "program/ours-ureq/ms",
        peers: &[("oauth2 over ureq 2", "program/oauth2-ureq/ms")],
        limit: Some("program/hand-ureq/ms"),
        goal: Goal::Shown,
    },
    Row {
        title: "the same beside curl",
        unit: "ms",
        ours: "program/ours-ureq/ms",
        peers: &[("curl", "program/curl/ms")],
        limit: None,
        goal: Goal::TimesPeer(0.25),
    },
    Row {
        title: "",
        unit: "MiB, peak",
        ours: "program/ours-ureq/peak",
        peers: &[("oauth2 over ureq 2", "program/oauth2-ureq/peak")],
        limit: Some("program/hand-ureq/peak"),
        goal: Goal::AtMost(3.2),
    },
    Row {
        title: "whole process, reqwest",
        unit: "ms",
        ours: "program/ours-reqwest/ms",
        peers: &[],
        limit: Some("program/hand-reqwest/ms"),
        goal: Goal::TimesLimit(1.05),
    },
    Row {
        title: "",
        unit: "MiB, peak",
        ours: "program/ours-reqwest/peak",
        peers: &[],
        limit: Some("program/hand-reqwest/peak"),
        goal: Goal::Shown,
    },
    Row {
        title: "minimal program, ureq",
        unit: "crates",
        ours: "program/ours-ureq/crates",
        peers: &[("oauth2 over ureq 2", "program/oauth2-ureq/crates")],
        limit: Some("program/hand-ureq/crates"),
        goal: Goal::AtMost(48.0),
    },
    Row {
        title: "",
        unit: "bytes, stripped",
        ours: "program/ours-ureq/bytes",
        peers: &[("oauth2 over ureq 2", "program/oauth2-ureq/bytes")],
        limit: Some("program/hand-ureq/bytes"),
        goal: Goal::TimesLimit(1.04),
    },
    Row {
        title: "minimal program, reqwest",
        unit: "crates",
        ours: "program/ours-reqwest/crates",
        peers: &[],
        limit: Some("program/hand-reqwest/crates"),
        goal: Goal::AtMost(100.0),
    },
    Row {
        title: "",
        unit: "bytes, stripped",
        ours: "program/ours-reqwest/bytes",
        peers: &[],
        limit: Some("program/hand-reqwest/bytes"),
        goal: Goal::TimesLimit(1.04),
    },
];

const HOT: &[(&str, &str)] = &[
    (
        "google-cloud-auth, tag kept",
        "hot/google-cloud-auth with tag/ns",
    ),
    ("google-cloud-auth", "hot/google-cloud-auth/ns"),
    ("yup-oauth2", "hot/yup-oauth2/ns"),
    ("azure_identity", "hot/azure_identity/ns"),
    ("aws-smithy-runtime", "hot/aws-smithy-runtime/ns"),
];

const HOT2: &[(&str, &str)] = &[
    (
        "google-cloud-auth, tag kept",
        "hot2/google-cloud-auth with tag/ns",
    ),
    ("google-cloud-auth", "hot2/google-cloud-auth/ns"),
    ("azure_identity", "hot2/azure_identity/ns"),
    ("aws-smithy-runtime", "hot2/aws-smithy-runtime/ns"),
];

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

/// On what, of which versions, and when.
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
