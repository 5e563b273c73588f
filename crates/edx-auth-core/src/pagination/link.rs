//! The `Link` header, as far as it names the next page ([RFC 8288 section
//! 3](https://www.rfc-editor.org/rfc/rfc8288#section-3)).

use alloc::borrow::ToOwned;
use alloc::string::String;

use http::HeaderMap;
use http::header::LINK;

use super::page::Next;

/// Returns the next page that the headers name.
///
/// A relation is one of a list without order or case, in quotes or not. Malformed links are read as far
/// as possible: to overlook a next page would end the list early.
pub(super) fn next(headers: &HeaderMap) -> Next {
    let headers = headers.get_all(LINK).iter();
    let mut targets = headers.filter_map(|header| {
        let header = String::from_utf8_lossy(header.as_bytes());
        let mut links = Links(&header);
        let next = links.find(|link| is_next(&link.relations))?;
        Some(next.target.to_owned())
    });
    targets.next().map_or(Next::Missing, Next::Reference)
}

fn is_next(relations: &str) -> bool {
    let mut relations = relations.split_ascii_whitespace();
    relations.any(|relation| relation.trim_matches('\'').eq_ignore_ascii_case("next"))
}

/// The links of one header that are still to be read.
struct Links<'a>(&'a str);

struct Link<'a> {
    target: &'a str,
    relations: String,
}

impl<'a> Iterator for Links<'a> {
    type Item = Link<'a>;

    fn next(&mut self) -> Option<Link<'a>> {
        let rest = &mut self.0;
        skip(rest, &[' ', '\t', ',']);
        if rest.is_empty() {
            return None;
        }
        let target = target(rest);
        let mut relations = None;
        while let Some((name, value)) = parameter(rest) {
            if name.eq_ignore_ascii_case("rel") {
                // The first one counts.
                relations.get_or_insert(value);
            }
        }
        let relations = relations.unwrap_or_default();
        Some(Link { target, relations })
    }
}

fn target<'a>(rest: &mut &'a str) -> &'a str {
    let bracketed = rest.strip_prefix('<');
    if let Some((target, after)) = bracketed.and_then(|rest| rest.split_once('>')) {
        *rest = after;
        return target;
    }
    *rest = bracketed.unwrap_or(rest);
    take_until(rest, &[';', ','])
}

/// Takes the next parameter of a link: its name and its value.
fn parameter<'a>(rest: &mut &'a str) -> Option<(&'a str, String)> {
    skip(rest, &[' ', '\t', ';']);
    if rest.is_empty() || rest.starts_with(',') {
        return None;
    }
    let name = take_until(rest, &[' ', '\t', '=', ';', ',']);
    skip(rest, BLANKS);
    let Some(after) = rest.strip_prefix('=') else {
        return Some((name, String::new()));
    };
    *rest = after;
    skip(rest, BLANKS);
    Some((name, value(rest)))
}

fn value(rest: &mut &str) -> String {
    let Some(quoted) = rest.strip_prefix('"') else {
        return take_until(rest, &[';', ',']).to_owned();
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            character => value.push(character),
        }
    }
    *rest = characters.as_str();
    value
}

fn skip(rest: &mut &str, characters: &[char]) {
    *rest = rest.trim_start_matches(characters);
}

fn take_until<'a>(rest: &mut &'a str, ends: &[char]) -> &'a str {
    let (taken, left) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    *rest = left;
    taken
}

const BLANKS: &[char] = &[' ', '\t'];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn next_of(links: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for link in links {
            let link = HeaderValue::from_bytes(link.as_bytes()).unwrap();
            headers.append(LINK, link);
        }
        match next(&headers) {
            Next::Reference(target) => Some(target),
            _ => None,
        }
    }

    #[test]
    fn every_spelling_of_the_next_relation_is_known() {
        for link in [
            r#"</l/?page=2>; rel="next""#,
            "</l/?page=2>; rel=next",
            "</l/?page=2>;rel=next",
            r#"</l/?page=2>; rel="next last""#,
            r#"</l/?page=2>; rel="last  NEXT""#,
            r#"</l/?page=2>; Rel="next""#,
            r#"</l/?page=2>; REL = "Next""#,
            r#"</l/?page=2>; rel= "next""#,
            "</l/?page=2> ; title=\"a, b; c\" ;\trel=next",
            r#"</l/?page=2>; title="a \"; rel=last"; rel=next"#,
            "</l/?page=2>; title; rel=next",
            r#"</l/?page=1>; rel="prev", </l/?page=2>; rel="next""#,
            r#", ,</l/?page=1>, </l/?page=2>; rel="next""#,
            "</l/?page=2>; title*=UTF-8'de'n%c3%a4chste; rel=next",
            "</l/?page=2>; title=\"\u{e4}\"; rel=next",
        ] {
            assert_eq!(next_of(&[link]).as_deref(), Some("/l/?page=2"), "{link}");
        }
        let two = ["</l/?page=1>; rel=prev", "</l/?page=2>; rel=next"];
        assert_eq!(next_of(&two).as_deref(), Some("/l/?page=2"));
        let braces = ["</a;b,c>; rel=next"];
        assert_eq!(next_of(&braces).as_deref(), Some("/a;b,c"));
    }

    #[test]
    fn malformed_links_are_read_as_far_as_possible() {
        for link in [
            "</l/?page=2; rel=next",
            "/l/?page=2; rel=next",
            "</l/?page=2>; rel=\"next",
            "</l/?page=2>; rel='next'",
            "</l/?page=2>; =; ; rel=next last",
            "</l/?page=2> rel=next",
        ] {
            assert_eq!(next_of(&[link]).as_deref(), Some("/l/?page=2"), "{link}");
        }
    }

    #[test]
    fn a_link_of_another_relation_is_not_the_next_page() {
        for link in [
            "",
            "<",
            "<>",
            ",;=\"",
            "</l/?page=2>",
            "</l/?page=2>; rel",
            "</l/?page=2>; rel=prev",
            "</l/?page=2>; rel=nextish",
            "</l/?page=2>; rel=\"prev\"; rel=\"next\"",
            "</l/?rel=next>; rel=first",
            "</l/>; title=\"rel=next\"",
            "</l/>; rev=next",
        ] {
            assert_eq!(next_of(&[link]), None, "{link}");
        }
    }
}
