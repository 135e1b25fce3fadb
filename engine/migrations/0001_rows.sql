-- One row per noun. The document is the whole noun as JSON; the columns beside it are what queries ask for, taken from
-- it when it is written. Ids are 32 hexadecimal digits, times are milliseconds since the epoch.

CREATE TABLE cluster (
    name TEXT NOT NULL PRIMARY KEY,
    is_active INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE task_definition (
    family TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (family, revision)
) STRICT;

CREATE TABLE host (
    id TEXT NOT NULL PRIMARY KEY,
    cluster TEXT NOT NULL,
    status TEXT NOT NULL,
    is_connected INTEGER NOT NULL,
    connectivity_changed_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE INDEX host_by_cluster ON host (cluster, id);

CREATE TABLE task (
    id TEXT NOT NULL PRIMARY KEY,
    cluster TEXT NOT NULL,
    family TEXT NOT NULL,
    started_by TEXT,
    host TEXT,
    launch_type TEXT NOT NULL,
    desired_status TEXT NOT NULL,
    last_status TEXT NOT NULL,
    -- The demand class the task waits in; NULL if it does not wait.
    class TEXT,
    -- NULL while the task is not STOPPED.
    stopped_at INTEGER,
    document TEXT NOT NULL
) STRICT;

-- An update pays for each index it touches, so those that change with a task's life are few: task_by_cluster and
-- task_by_host move once or twice, task_alive with each status, the others never.
CREATE INDEX task_by_cluster ON task (cluster, desired_status, id);
CREATE INDEX task_by_family ON task (cluster, family, id);
CREATE INDEX task_by_starter ON task (cluster, started_by, id) WHERE started_by IS NOT NULL;
CREATE INDEX task_by_host ON task (host, stopped_at, id) WHERE host IS NOT NULL;
CREATE INDEX task_alive ON task (cluster, last_status) WHERE stopped_at IS NULL;
CREATE INDEX task_stopped ON task (stopped_at) WHERE stopped_at IS NOT NULL;

-- Why the tasks of a demand class wait.
CREATE TABLE waiting (
    class TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;

-- What clients' idempotency tokens stand for.
CREATE TABLE token (
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (operation, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_by_age ON token (created_at);

-- What principals (ARNs; empty for everybody) have chosen.
CREATE TABLE account_setting (
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (principal, name)
) STRICT, WITHOUT ROWID;

-- The capacity providers that clients made.
CREATE TABLE capacity_provider (
    name TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

-- Who may call. Secrets are sealed.
CREATE TABLE access_key (
    id TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

-- What was told as events, in order and without gaps. The last row always stays, since the next number follows it.
CREATE TABLE change (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    cluster TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;

-- The last change that was delivered to each sink.
CREATE TABLE delivered (
    sink TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
