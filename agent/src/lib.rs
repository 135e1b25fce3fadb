//! Runs on a host: holds the session, runs the tasks on Docker.
