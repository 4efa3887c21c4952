-- A line that cannot be put on a timeline keeps its bytes, its reason and its place until somebody decides.
create table quarantine (
    org_id integer not null,
    quarantine_id integer not null,
    source_id integer not null,
    batch_id integer not null,
    import_id integer,
    reason text not null,
    faults text not null,
    line integer,
    byte integer,
    raw blob not null,
    raw_bytes integer not null,
    raw_hash blob not null,
    received_at integer not null,
    state text not null constraint quarantine_state_check check (state in ('held', 'released', 'dismissed')),
    settled_at integer,
    settled_by text,
    settled_note text,
    settled_batch integer,
    constraint quarantine_pkey primary key (org_id, quarantine_id)
) strict;

create unique index quarantine_raw on quarantine (org_id, source_id, raw_hash);

create index quarantine_state on quarantine (org_id, state, quarantine_id);
