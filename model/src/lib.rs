//! Nouns: typed ids, units, entities and the wire shapes.
