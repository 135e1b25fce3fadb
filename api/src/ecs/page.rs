//! Pages of list operations: how many, from where, and the opaque token that says so.
//!
//! A token names the last key of its page and what else the request asked for; with other arguments it is refused, as
//! its key would mean nothing there. It is no secret: a forged one only shows another part of the same list.

use std::fmt::Write;
use std::str::FromStr;

use berth_model::hash::fnv1a;

use super::error::Fault;

/// The most entries of one page, and as many as come if the client does not say; what ECS states for every list here.
pub(crate) const PAGE_MAX: usize = 100;

/// What part of a list a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// The last key of the page before; `None` for the first page.
    pub(crate) after: Option<String>,
    /// How many entries at most, 1 to [`PAGE_MAX`].
    pub(crate) limit: usize,
    fingerprint: u128,
}

impl Page {
    /// Reads `nextToken` and `maxResults` of a request. `arguments` is everything else that chooses the list, the
    /// operation's name first.
    ///
    /// # Errors
    /// `InvalidParameterException` for a token of another request and for a size out of range.
    pub(crate) fn read(arguments: &[&str], next_token: Option<&str>, max_results: Option<i32>) -> Result<Self, Fault> {
        let fingerprint = fingerprint(arguments);
        let limit = match max_results {
            None => PAGE_MAX,
            Some(number) => usize::try_from(number)
                .ok()
                .filter(|number| (1..=PAGE_MAX).contains(number))
                .ok_or_else(|| Fault::invalid(format!("maxResults must be between 1 and {PAGE_MAX}.")))?,
        };
        let after = match next_token {
            None | Some("") => None,
            Some(token) => Some(decode(token, fingerprint).ok_or_else(Self::invalid_token)?),
        };
        Ok(Self { after, limit, fingerprint })
    }

    /// The last key of the page before, read as what it is.
    ///
    /// # Errors
    /// `InvalidParameterException` if it is none: then the token was forged.
    pub(crate) fn key<K: FromStr>(&self) -> Result<Option<K>, Fault> {
        self.after.as_deref().map(str::parse).transpose().or(Err(Self::invalid_token()))
    }

    /// What is answered to a token of another request.
    pub(crate) fn invalid_token() -> Fault {
        Fault::invalid("nextToken is not valid: it is only good with the arguments of the request it came from.")
    }

    /// The token of the page that follows `last`.
    pub(crate) fn token(&self, last: &str) -> String {
        let mut token = format!("{:032x}", self.fingerprint);
        for byte in last.bytes() {
            write!(token, "{byte:02x}").expect("a String takes everything");
        }
        token
    }

    /// Cuts `found`, which was asked for with one entry more than the page takes, to the page, and says whether and
    /// where it goes on.
    pub(crate) fn cut<T>(&self, mut found: Vec<T>, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        let next = found.last().filter(|_| has_more).map(|last| self.token(&key(last)));
        (found, next)
    }
}

fn decode(token: &str, fingerprint: u128) -> Option<String> {
    let (head, key) = token.split_at_checked(32)?;
    if u128::from_str_radix(head, 16).ok()? != fingerprint || key.is_empty() || key.len() % 2 == 1 {
        return None;
    }
    let digits: Option<Vec<u8>> =
        key.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let bytes = digits?.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    String::from_utf8(bytes).ok()
}

/// A hash of a request's arguments, so that a token outlives an upgrade of the server.
fn fingerprint(arguments: &[&str]) -> u128 {
    // 0xff never stands in UTF-8, so no two lists of arguments read the same.
    fnv1a(arguments.iter().flat_map(|argument| argument.bytes().chain([0xff])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_leads_to_the_next_page_of_the_same_request_only() {
        let page = Page::read(&["ListTasks", "demo"], None, Some(2)).unwrap();
        let (shown, next) = page.cut(vec!["a", "b", "ü"], ToString::to_string);
        assert_eq!(shown, ["a", "b"]);
        let token = next.expect("there is more");
        let same = Page::read(&["ListTasks", "demo"], Some(&token), None).unwrap();
        assert_eq!(same.after.as_deref(), Some("b"));
        assert!(Page::read(&["ListTasks", "other"], Some(&token), None).is_err());
        assert!(Page::read(&["ListTasks", "de", "mo"], Some(&token), None).is_err());
    }

    #[test]
    fn the_last_page_has_no_token() {
        let page = Page::read(&["x"], None, Some(2)).unwrap();
        assert_eq!(page.cut(vec!["a", "b"], ToString::to_string), (vec!["a", "b"], None));
        assert_eq!(page.cut(Vec::<&str>::new(), ToString::to_string), (vec![], None));
    }

    #[test]
    fn forged_tokens_and_sizes_are_refused() {
        let good = Page::read(&["x"], None, None).unwrap().token("é");
        assert!(Page::read(&["x"], Some(&good), None).is_ok());
        let bad = ["z", "é", &good[..32], &good[..33], &good[..34], &format!("{good}zz"), &format!("{good}é")];
        for token in bad {
            assert!(Page::read(&["x"], Some(token), None).is_err(), "{token}");
        }
        for size in [0, -1, 101, i32::MAX] {
            assert!(Page::read(&["x"], None, Some(size)).is_err(), "{size}");
        }
    }

    proptest! {
        /// A token is good for the request it was given for, and for no other.
        #[test]
        fn a_token_is_bound_to_its_arguments(
            arguments in prop::collection::vec(".{0,12}", 1..4),
            others in prop::collection::vec(".{0,12}", 1..4),
            key in ".{1,64}",
        ) {
            let own: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let other: Vec<&str> = others.iter().map(String::as_str).collect();
            let token = Page::read(&own, None, None).unwrap().token(&key);
            prop_assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            prop_assert_eq!(Page::read(&own, Some(&token), None).unwrap().after, Some(key));
            if own != other {
                prop_assert!(Page::read(&other, Some(&token), None).is_err());
            }
        }

        /// No text makes it panic, and what it takes it would have given itself.
        #[test]
        fn any_text_is_a_token_or_refused(text in prop_oneof![".{0,64}", "[0-9a-f]{0,64}", "[0-9a-fé]{30,36}"]) {
            let fresh = Page::read(&["x"], None, None).unwrap();
            for token in [text.clone(), format!("{:032x}{text}", fresh.fingerprint)] {
                if let Ok(page) = Page::read(&["x"], Some(&token), None)
                    && let Some(after) = page.after
                {
                    prop_assert_eq!(fresh.token(&after), token.to_ascii_lowercase());
                }
            }
        }
    }
}
