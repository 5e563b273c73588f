//! The form of every message.

use super::list;

#[test]
fn every_error_is_one_clause_on_one_line() {
    for (what, _) in list().errors {
        assert!(!what.ends_with('.') && !what.contains('\n'), "{what}");
    }
}

#[test]
fn every_advice_is_a_sentence_or_two_that_begin_with_what_to_do() {
    for (_, advice) in list().errors {
        let sentences: Vec<_> = advice.trim_end_matches('.').split(". ").collect();
        let (first, _) = advice.split_once(' ').unwrap();

        assert!(advice.ends_with('.') && sentences.len() <= 2, "{advice}");
        assert!(VERBS.contains(&first), "{advice}");
    }
}

/// Every verb that advice begins with.
#[rustfmt::skip] // read as a list
const VERBS: [&str; 35] = [
    "Add", "Ask", "Check", "Choose", "Compare", "Configure", "Contact", "Copy", "Create", "Delete", "Enable", "Fix",
    "Give", "Hand", "Ignore", "Install", "Log", "Look", "Name", "Raise", "Read", "Regenerate", "Remove", "Report",
    "Request", "Save", "Send", "Set", "Start", "Swap", "Try", "Unset", "Use", "Wait", "Write",
];
