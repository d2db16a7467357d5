//! Shell programs.
