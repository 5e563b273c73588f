//! Characters that leave no trace on a screen.

use core::ops::RangeInclusive;

/// Returns the first format character of a text: a zero-width space, a soft hyphen, a mark of writing
/// direction, or another character of Unicode's general category `Cf`.
pub(super) fn format_character(text: &str) -> Option<char> {
    let is_format = |character: &char| FORMAT.iter().any(|range| range.contains(character));
    text.chars().find(is_format)
}

/// The general category `Cf` (Format) of Unicode 17.0, from `DerivedGeneralCategory.txt`.
const FORMAT: [RangeInclusive<char>; 21] = [
    '\u{ad}'..='\u{ad}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2064}',
    '\u{2066}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff9}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0001}'..='\u{e0001}',
    '\u{e0020}'..='\u{e007f}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_format_character_is_found_wherever_it_is() {
        for (text, found) in [
            ("s3\u{200b}cr\u{2060}et", '\u{200b}'),
            ("\u{feff}s3cret", '\u{feff}'),
            ("s3cret\u{2069}", '\u{2069}'),
            ("s3\u{ad}cret", '\u{ad}'),
            ("s3cret\u{e0061}", '\u{e0061}'),
        ] {
            assert_eq!(format_character(text), Some(found), "{text:?}");
        }
    }

    #[test]
    fn other_characters_are_not_format_characters() {
        for text in [
            "",
            "s3cret",
            "sécret:+/ &=%",
            "密钥",
            "\u{a0}",
            "\u{2065}",
            "e\u{301}",
        ] {
            assert_eq!(format_character(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_ranges_are_in_order_and_apart() {
        for ranges in FORMAT.windows(2) {
            let [one, next] = ranges else { continue };
            assert!(
                one.start() <= one.end() && one.end() < next.start(),
                "{one:?} {next:?}"
            );
        }
    }
}
