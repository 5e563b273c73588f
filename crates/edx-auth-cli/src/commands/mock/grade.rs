//! The checks of a client, over the log of its requests.

use std::fmt;

use super::seen::{Seen, What};

/// What a client was told to do, and what the site did to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment {
    /// How many workers read the list at once.
    pub(super) workers: usize,
    /// How often each of them reads it.
    pub(super) rounds: usize,
    /// How many pages the list has.
    pub(super) pages: usize,
}

/// The result of all checks, in the order of the table.
#[derive(Debug)]
pub(super) struct Grades(Vec<Grade>);

/// The result of one check, with what was seen.
#[derive(Debug)]
struct Grade {
    check: &'static str,
    mark: Mark,
    evidence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Passed,
    Failed,
    /// The client did not get to what the check is about.
    NotSeen,
}

impl Grades {
    /// Checks all requests of a client, oldest first.
    pub(super) fn of(seen: &[Seen], assignment: Assignment) -> Self {
        Self(vec![
            single_flight(seen),
            other_origin(seen),
            one_renewal(seen),
            throttled_tokens(seen, assignment),
            throttled_pages(seen, assignment),
            complete_lists(seen, assignment),
        ])
    }

    pub(super) fn all_passed(&self) -> bool {
        self.0.iter().all(|grade| grade.mark == Mark::Passed)
    }
}

impl Grade {
    fn new(check: &'static str, passes: bool, evidence: String) -> Self {
        let mark = if passes { Mark::Passed } else { Mark::Failed };
        Self {
            check,
            mark,
            evidence,
        }
    }

    fn not_seen(check: &'static str, evidence: &str) -> Self {
        let (mark, evidence) = (Mark::NotSeen, evidence.to_owned());
        Self {
            check,
            mark,
            evidence,
        }
    }
}

fn single_flight(seen: &[Seen]) -> Grade {
    let check = "single flight";
    match count(before_rejection(seen), |one| one.what == What::Token) {
        0 => Grade::not_seen(check, "no token request"),
        requests => {
            let evidence = format!("token requests of the workers that start together: {requests}");
            Grade::new(check, requests == 1, evidence)
        }
    }
}

fn other_origin(seen: &[Seen]) -> Grade {
    let check = "secrets to no other origin";
    let elsewhere = |one: &Seen| one.what == What::OtherOrigin;
    let leaks = count(seen, |one| elsewhere(one) && one.has_secret);
    if count(seen, |one| one.what == What::WayOut) == 0 {
        return Grade::not_seen(check, "no request that leads to another origin");
    }
    let requests = count(seen, elsewhere);
    let evidence =
        format!("requests to the other origin: {requests}, with a token or secret: {leaks}");
    Grade::new(check, leaks == 0, evidence)
}

fn one_renewal(seen: &[Seen]) -> Grade {
    let check = "one renewal per rejection";
    let after = after_rejection(seen);
    if after.is_empty() {
        return Grade::not_seen(check, "no token was rejected");
    }
    let issued = count(after, |one| one.what == What::Token && one.status == 200);
    let rejected = count(after, is_rejected);
    let evidence =
        format!("tokens issued after the rejection: {issued}, calls rejected: {rejected}");
    Grade::new(check, issued == 1, evidence)
}

fn throttled_tokens(seen: &[Seen], assignment: Assignment) -> Grade {
    let throttled = count(seen, |one| one.what == What::Token && one.status == 429);
    throttling("throttled token requests wait", throttled, assignment)
}

fn throttled_pages(seen: &[Seen], assignment: Assignment) -> Grade {
    let is_page = |one: &Seen| matches!(one.what, What::Page(_));
    let throttled = count(seen, |one| is_page(one) && one.status == 429);
    throttling("throttled calls wait", throttled, assignment)
}

/// The site throttles for a shorter time than it says, so a worker that waits is throttled once.
fn throttling(check: &'static str, throttled: usize, assignment: Assignment) -> Grade {
    let evidence = format!("429s for {} workers: {throttled}", assignment.workers);
    match throttled {
        0 => Grade::not_seen(check, "no request was throttled"),
        throttled => Grade::new(check, throttled <= assignment.workers, evidence),
    }
}

fn complete_lists(seen: &[Seen], assignment: Assignment) -> Grade {
    let times = |page| {
        count(seen, |one| {
            one.what == What::Page(page) && one.status == 200
        })
    };
    let complete = (1..=assignment.pages).map(times).min().unwrap_or_default();
    let lists = assignment.workers * assignment.rounds;
    let evidence = format!("lists read to the end: {} of {lists}", complete.min(lists));
    Grade::new("lists complete", complete >= lists, evidence)
}

fn before_rejection(seen: &[Seen]) -> &[Seen] {
    seen.split(is_rejected).next().unwrap_or_default()
}

fn after_rejection(seen: &[Seen]) -> &[Seen] {
    let first = seen.iter().position(is_rejected).unwrap_or(seen.len());
    seen.get(first..).unwrap_or_default()
}

fn is_rejected(one: &Seen) -> bool {
    matches!(one.what, What::Page(_)) && one.status == 401
}

fn count(seen: &[Seen], is_meant: impl Fn(&Seen) -> bool) -> usize {
    seen.iter().filter(|one| is_meant(one)).count()
}

/// Writes a table in Markdown.
impl fmt::Display for Grades {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| check | result | seen |\n|---|---|---|")?;
        self.0.iter().try_for_each(|grade| {
            let Grade {
                check,
                mark,
                evidence,
            } = grade;
            writeln!(f, "| {check} | {mark} | {evidence} |")
        })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "**failed**",
            Self::NotSeen => "not seen",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASSIGNMENT: Assignment = Assignment {
        workers: 2,
        rounds: 1,
        pages: 2,
    };

    fn seen(requests: &[(What, u16, bool)]) -> Vec<Seen> {
        let seen = |(what, status, has_secret): &(What, u16, bool)| Seen {
            what: what.clone(),
            status: *status,
            has_secret: *has_secret,
        };
        requests.iter().map(seen).collect()
    }

    /// What a client does that makes no mistake.
    fn faultless() -> Vec<(What, u16, bool)> {
        let page = |page, status| (What::Page(page), status, true);
        vec![
            (What::Token, 200, true),
            page(1, 200),
            page(1, 200),
            page(2, 429),
            page(2, 429),
            page(2, 401),
            page(2, 401),
            (What::Token, 429, true),
            (What::Token, 200, true),
            page(2, 200),
            page(2, 200),
            (What::WayOut, 302, true),
            (What::OtherOrigin, 401, false),
        ]
    }

    fn failed(requests: &[(What, u16, bool)]) -> Vec<&'static str> {
        let grades = Grades::of(&seen(requests), ASSIGNMENT).0;
        let failed = grades.iter().filter(|grade| grade.mark == Mark::Failed);
        failed.map(|grade| grade.check).collect()
    }

    #[test]
    fn a_faultless_client_passes() {
        let grades = Grades::of(&seen(&faultless()), ASSIGNMENT);

        assert!(grades.all_passed(), "{grades}");
    }

    #[test]
    fn each_mistake_fails_its_check_alone() {
        let token = (What::Token, 200, true);
        for (at, mistake, check) in [
            (0, token.clone(), "single flight"),
            (
                13,
                (What::OtherOrigin, 200, true),
                "secrets to no other origin",
            ),
            (9, token, "one renewal per rejection"),
            (8, (What::Token, 429, true), "throttled token requests wait"),
            (4, (What::Page(2), 429, true), "throttled calls wait"),
        ] {
            let mut requests = faultless();
            requests.insert(at, mistake.clone());
            if mistake.1 == 429 {
                requests.insert(at, mistake);
            }
            assert_eq!(failed(&requests), [check]);
        }
        let mut requests = faultless();
        requests.remove(9);
        assert_eq!(failed(&requests), ["lists complete"]);
    }

    #[test]
    fn a_client_that_keeps_the_rejected_token_fails() {
        let page = |status| (What::Page(1), status, true);
        let requests = [(What::Token, 200, true), page(200), page(401), page(401)];

        assert!(failed(&requests).contains(&"one renewal per rejection"));
    }

    #[test]
    fn a_client_that_does_nothing_passes_nothing() {
        let table = Grades::of(&[], ASSIGNMENT).to_string();

        assert_eq!(table.matches("not seen").count(), 5, "{table}");
        assert_eq!(table.matches("passed").count(), 0, "{table}");
        assert!(table.contains("lists read to the end: 0 of 2"));
    }
}
