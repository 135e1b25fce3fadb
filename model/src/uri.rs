//! Percent-encoding, in the one way that signatures of version 4 know: RFC 3986's unreserved characters stay, and
//! everything else becomes escapes in capitals.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode, percent_encode};

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes what stands in a query, or in a segment of a path.
pub fn encoded(bytes: &[u8]) -> PercentEncode<'_> {
    percent_encode(bytes, ESCAPED)
}

/// Undoes percent-encoding in a query. A plus is a space, as the signers of the SDKs take it; what only looks like an
/// escape is left as it is.
pub fn decoded(text: &str) -> Vec<u8> {
    percent_decode(text.replace('+', " ").as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back_and_escapes_are_in_capitals() {
        assert_eq!(encoded("a/b c~-._\u{e9}+".as_bytes()).to_string(), "a%2Fb%20c~-._%C3%A9%2B");
        for text in ["", "a+b", "100%", "%zz", "\u{e9}\0"] {
            assert_eq!(decoded(&encoded(text.as_bytes()).to_string()), text.as_bytes());
        }
        assert_eq!(decoded("a+b%2b%zz%4"), b"a b+%zz%4");
    }
}
