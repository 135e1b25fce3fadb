//! The host pool: a pure plan and the backends that carry it out.
