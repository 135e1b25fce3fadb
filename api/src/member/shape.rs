//! Enumerates the members of a wire shape by decoding it from nothing: a deserializer that offers every structure each
//! of its members once, every list one element, and writes down the way it came.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

/// The paths of all members of `T` as in `containerDefinitions[].name`, structures and what is in them. A structure
/// inside itself is not entered again.
pub(super) fn members<'de, T: Deserialize<'de>>() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let probe = Probe { path: String::new(), above: Vec::new(), found: &mut found };
    T::deserialize(probe).map(drop).expect("the probe offers what the shape asks for");
    found
}

struct Probe<'a> {
    path: String,
    /// The structures around this place.
    above: Vec<&'static str>,
    found: &'a mut BTreeSet<String>,
}

#[derive(Debug)]
struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

macro_rules! plain {
    ($($method:ident => $visit:ident($value:expr);)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            visitor.$visit($value)
        }
    )+};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Mismatch;

    plain! {
        deserialize_any => visit_i64(0);
        deserialize_ignored_any => visit_i64(0);
        deserialize_bool => visit_bool(true);
        deserialize_i32 => visit_i32(1);
        deserialize_i64 => visit_i64(1);
        deserialize_f32 => visit_f32(1.0);
        deserialize_f64 => visit_f64(1.0);
        deserialize_str => visit_str("x");
        deserialize_string => visit_str("x");
        deserialize_identifier => visit_str("x");
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(One(Some(Probe { path: self.path + "[]", ..self })))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_map(NoEntry)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let members = if self.above.contains(&name) { &[] } else { members };
        self.above.push(name);
        visitor.visit_map(Members { left: members.iter(), at: "", probe: self })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 u8 u16 u32 u64 char bytes byte_buf unit unit_struct tuple tuple_struct enum
    }
}

struct One<'a>(Option<Probe<'a>>);

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        self.0.take().map(|probe| seed.deserialize(probe)).transpose()
    }
}

struct NoEntry;

impl<'de> MapAccess<'de> for NoEntry {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _: K) -> Result<Option<K::Value>, Mismatch> {
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, _: V) -> Result<V::Value, Mismatch> {
        Err(de::Error::custom("there is no entry"))
    }
}

struct Members<'a> {
    left: std::slice::Iter<'static, &'static str>,
    at: &'static str,
    probe: Probe<'a>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        let Some(member) = self.left.next() else {
            return Ok(None);
        };
        self.at = member;
        let key: StrDeserializer<'_, Mismatch> = (*member).into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let around = &self.probe.path;
        let path = if around.is_empty() { self.at.to_owned() } else { format!("{around}.{}", self.at) };
        self.probe.found.insert(path.clone());
        seed.deserialize(Probe { path, above: self.probe.above.clone(), found: self.probe.found })
    }
}
