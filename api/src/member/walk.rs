//! The walk over a decoded request: a serializer that writes nothing and asks the table about each member.
//!
//! Working on the decoded shape rather than on JSON means that null and absent are one, that unknown members are gone,
//! and that the body is parsed once.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct, Serializer,
};

use super::{Node, TREES, Treatment};

/// How many refused members one answer names. More would only make it harder to read.
const REFUSED_SHOWN_MAX: usize = 10;

/// A member that a request must not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    path: String,
    /// The values that would be taken; empty if none is.
    only: &'static [&'static str],
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.only.is_empty() {
            write!(f, "{} is not supported", self.path)
        } else {
            write!(f, "{} is supported only as {}", self.path, self.only.join(", "))
        }
    }
}

/// The members of a request that Berth cannot honour, in one sentence; `None` if there are none.
pub(crate) fn refused<T: Serialize>(operation: &str, request: &T) -> Option<String> {
    let node = TREES.get(operation)?;
    let mut found = Vec::new();
    walk(node, request, &mut found);
    if found.is_empty() {
        return None;
    }
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    Some(format!("Berth cannot honour this request: {}.", texts.join("; ")))
}

fn walk<T: Serialize>(node: &Node, request: &T, found: &mut Vec<Refusal>) {
    if node.can_refuse {
        let place = Place { parent: None, segment: Segment::Root };
        request.serialize(Walk { node: Some(node), place: &place, found }).expect("the walk itself cannot fail");
    }
}

/// Where the walk stands: a list on the stack, spelled out only for a refusal.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    segment: Segment,
}

#[derive(Debug, Clone, Copy)]
enum Segment {
    Root,
    Member(&'static str),
    Index(usize),
}

impl Place<'_> {
    fn spell(&self, to: &mut String) {
        if let Some(parent) = self.parent {
            parent.spell(to);
        }
        match self.segment {
            Segment::Root => {}
            Segment::Member(name) => {
                if !to.is_empty() {
                    to.push('.');
                }
                to.push_str(name);
            }
            Segment::Index(index) => {
                to.push('[');
                to.push_str(&index.to_string());
                to.push(']');
            }
        }
    }
}

/// The serializer at one value. What it gives back says whether the value is set.
struct Walk<'a> {
    node: Option<&'a Node>,
    place: &'a Place<'a>,
    found: &'a mut Vec<Refusal>,
}

impl Walk<'_> {
    /// Asks the table about a plain value.
    fn plain(self, is_set: bool, text: impl Display) -> bool {
        if let Some(Treatment::Only(values)) = self.node.and_then(|node| node.treatment)
            && is_set
            && !values.contains(&text.to_string().as_str())
        {
            report(self.place, values, self.found);
        }
        is_set
    }
}

fn report(place: &Place<'_>, only: &'static [&'static str], found: &mut Vec<Refusal>) {
    if found.len() < REFUSED_SHOWN_MAX {
        let mut path = String::new();
        place.spell(&mut path);
        found.push(Refusal { path, only });
    }
}

/// The walk through a list, a map or a structure.
struct Inside<'a> {
    walk: Walk<'a>,
    next: usize,
    is_set: bool,
}

impl<'a> Inside<'a> {
    fn of(walk: Walk<'a>) -> Self {
        Self { walk, next: 0, is_set: false }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        // One element is enough to be set; nothing has to be asked of the others if nothing can be refused there.
        self.is_set = true;
        let index = self.next;
        self.next += 1;
        match self.walk.node {
            Some(node) if node.can_refuse => {}
            _ => return Ok(()),
        }
        let place = Place { parent: Some(self.walk.place), segment: Segment::Index(index) };
        value.serialize(Walk { node: self.walk.node, place: &place, found: self.walk.found })?;
        Ok(())
    }
}

/// The walk's error: there is none.
#[derive(Debug)]
struct Never;

impl Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wire shape could not be walked")
    }
}

impl std::error::Error for Never {}

impl serde::ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

impl SerializeStruct for Inside<'_> {
    type Ok = bool;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        let node = self.walk.node.and_then(|node| node.members.get(key));
        let treatment = node.and_then(|node| node.treatment);
        let can_refuse = node.is_some_and(|node| node.can_refuse);
        // Without a table below, a value counts only for whether the structure around it is set.
        if self.is_set && !can_refuse {
            return Ok(());
        }
        let place = Place { parent: Some(self.walk.place), segment: Segment::Member(key) };
        let is_set = value.serialize(Walk { node, place: &place, found: self.walk.found })?;
        if is_set && treatment == Some(Treatment::Refused) {
            report(&place, &[], self.walk.found);
        }
        self.is_set |= is_set;
        Ok(())
    }

    fn end(self) -> Result<bool, Never> {
        Ok(self.is_set)
    }
}

impl SerializeSeq for Inside<'_> {
    type Ok = bool;
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<bool, Never> {
        Ok(self.is_set)
    }
}

impl SerializeTuple for Inside<'_> {
    type Ok = bool;
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<bool, Never> {
        Ok(self.is_set)
    }
}

impl SerializeTupleStruct for Inside<'_> {
    type Ok = bool;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<bool, Never> {
        Ok(self.is_set)
    }
}

impl SerializeMap for Inside<'_> {
    type Ok = bool;
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Never> {
        self.is_set = true;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Never> {
        Ok(())
    }

    fn end(self) -> Result<bool, Never> {
        Ok(self.is_set)
    }
}

macro_rules! numbers {
    ($($method:ident: $kind:ty, $zero:literal;)+) => {$(
        fn $method(self, value: $kind) -> Result<bool, Never> {
            Ok(self.plain(value != $zero, value))
        }
    )+};
}

impl<'a> Serializer for Walk<'a> {
    type Ok = bool;
    type Error = Never;
    type SerializeSeq = Inside<'a>;
    type SerializeTuple = Inside<'a>;
    type SerializeTupleStruct = Inside<'a>;
    type SerializeTupleVariant = Impossible<bool, Never>;
    type SerializeMap = Inside<'a>;
    type SerializeStruct = Inside<'a>;
    type SerializeStructVariant = Impossible<bool, Never>;

    numbers! {
        serialize_i8: i8, 0; serialize_i16: i16, 0; serialize_i32: i32, 0; serialize_i64: i64, 0;
        serialize_u8: u8, 0; serialize_u16: u16, 0; serialize_u32: u32, 0; serialize_u64: u64, 0;
        serialize_f32: f32, 0.0; serialize_f64: f64, 0.0;
    }

    fn serialize_bool(self, value: bool) -> Result<bool, Never> {
        Ok(self.plain(value, value))
    }

    fn serialize_char(self, value: char) -> Result<bool, Never> {
        Ok(self.plain(true, value))
    }

    fn serialize_str(self, value: &str) -> Result<bool, Never> {
        Ok(self.plain(!value.is_empty(), value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<bool, Never> {
        Ok(!value.is_empty())
    }

    fn serialize_none(self) -> Result<bool, Never> {
        Ok(false)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<bool, Never> {
        Ok(false)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<bool, Never> {
        Ok(false)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<bool, Never> {
        Ok(self.plain(true, variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<bool, Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<bool, Never> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'a>, Never> {
        Ok(Inside::of(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'a>, Never> {
        Ok(Inside::of(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside<'a>, Never> {
        Ok(Inside::of(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<bool, Never>, Never> {
        Err(Never)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'a>, Never> {
        Ok(Inside::of(self))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside<'a>, Never> {
        Ok(Inside::of(self))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<bool, Never>, Never> {
        Err(Never)
    }
}
