//! How a failure is told where it is handled.

use std::error::Error;

/// A failure with everything that lies beneath it, in one line.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn the_whole_chain_is_told() {
        let error = StoreError::Failed(std::io::Error::other("disk on fire").into());
        assert_eq!(error_chain(&error), "the store failed: disk on fire");
    }
}
