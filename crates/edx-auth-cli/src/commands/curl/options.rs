//! The options of curl that would undo the check of its URLs or of the server, or print the token.

use std::ffi::OsString;

/// An option of curl that the command does not pass on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("curl's option {0} could print the token, or take it to a server that was not checked")]
pub(crate) struct CurlOptionError(&'static str);

/// Checks that curl gets no such option, in none of its spellings. The value of another option that looks like
/// one is rejected too: only curl knows which words are values.
pub(super) fn check(arguments: &[OsString]) -> Result<(), CurlOptionError> {
    let mut words = arguments.iter().map(|argument| argument.to_string_lossy());
    let rejected = words.find_map(|word| match word.strip_prefix("--") {
        Some(name) => long(&name.to_ascii_lowercase()),
        None => short(word.strip_prefix('-')?),
    });
    rejected.map_or(Ok(()), |option| Err(CurlOptionError(option)))
}

/// Finds a long option. curl takes the beginning of a name for the name, in any case.
fn long(name: &str) -> Option<&'static str> {
    let mut rejected = LONG.iter();
    let found = rejected.find(|(beginning, _)| name.starts_with(beginning));
    found.map(|(_, option)| *option)
}

/// Finds a letter among several after one dash, of which the first that takes a value ends the options.
fn short(letters: &str) -> Option<&'static str> {
    let mut options = letters
        .chars()
        .take_while(|letter| !WITH_VALUE.contains(*letter));
    options.find_map(|letter| match letter {
        'K' => Some("-K"),
        'k' => Some("-k"),
        'v' => Some("-v"),
        _ => None,
    })
}

/// The shortest beginnings that curl takes for these options. Names and files of URLs reach curl unchecked
/// through `--url` and `--expand-…`.
const LONG: [(&str, &str); 15] = [
    ("abs", "--abstract-unix-socket"),
    ("conf", "--config"),
    ("connect-to", "--connect-to"),
    ("doh-u", "--doh-url"),
    ("expand-", "--expand-…"),
    ("ins", "--insecure"),
    ("lib", "--libcurl"),
    ("location-", "--location-trusted"),
    ("no-gl", "--no-globoff"),
    ("proto", "--proto…"),
    ("res", "--resolve"),
    ("trace", "--trace…"),
    ("un", "--unix-socket"),
    ("ur", "--url…"),
    ("verb", "--verbose"),
];

const WITH_VALUE: &str = "AbcCdDeEFHmoPQrtTuUwxXyYz";

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(words: &[&str]) -> Option<&'static str> {
        let words: Vec<_> = words.iter().map(OsString::from).collect();
        check(&words).err().map(|error| error.0)
    }

    #[test]
    fn an_option_that_undoes_the_check_is_rejected_in_every_spelling() {
        for (word, option) in [
            ("--location-trusted", "--location-trusted"),
            ("--location-t", "--location-trusted"),
            ("--LOCATION-Trusted", "--location-trusted"),
            ("--config", "--config"),
            ("--conf", "--config"),
            ("-K", "-K"),
            ("-Kfile", "-K"),
            ("-sKk", "-K"),
            ("-v", "-v"),
            ("-sSv", "-v"),
            ("--verb", "--verbose"),
            ("--trace-ascii", "--trace…"),
            ("--lib", "--libcurl"),
            ("--no-glob", "--no-globoff"),
            ("--proto-default", "--proto…"),
            ("--url=@urls", "--url…"),
            ("--expand-url", "--expand-…"),
            ("--connect-to", "--connect-to"),
            ("--res", "--resolve"),
            ("--insecure", "--insecure"),
            ("-sk", "-k"),
            ("--unix-socket", "--unix-socket"),
            ("--abstract-unix-socket", "--abstract-unix-socket"),
            ("--doh-url", "--doh-url"),
        ] {
            assert_eq!(rejected(&["-s", word]), Some(option), "{word}");
        }
    }

    #[test]
    fn every_other_option_passes() {
        let all = [
            "-sSfL",
            "--location",
            "-ovalues.json",
            "-dKv",
            "-XPOST",
            "--compressed",
            "--connect-timeout",
            "--globoff",
            "--version",
            "--limit-rate",
            "--",
            "-",
        ];
        assert_eq!(rejected(&all), None);
    }
}
