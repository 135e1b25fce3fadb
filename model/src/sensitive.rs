//! Values that must not reach a log or a message.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value whose `Debug` form prints `***`. On the wire it is the value itself.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Marks `value` as sensitive.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value. The word makes every use easy to find.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to be changed in place.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value without its mark.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_value_and_the_wire_does_not() {
        let token = Sensitive::new("secret".to_owned());
        assert_eq!(format!("{token:?}"), "***");
        assert_eq!(serde_json::to_string(&token).expect("a string"), r#""secret""#);
        assert_eq!(serde_json::from_str::<Sensitive<String>>(r#""secret""#).expect("a string"), token);
    }
}
