-- A line that cannot be put on a timeline keeps its bytes, its reason and its place until somebody decides.
create table quarantine (
    org_id bigint not null,
    quarantine_id bigint not null,
    source_id bigint not null,
    batch_id bigint not null,
    import_id bigint,
    reason text not null,
    faults text not null,
    line bigint,
    byte bigint,
    raw bytea not null,
    raw_bytes bigint not null,
    raw_hash bytea not null,
    received_at bigint not null,
    state text not null constraint quarantine_state_check check (state in ('held', 'released', 'dismissed')),
    settled_at bigint,
    settled_by text,
    settled_note text,
    settled_batch bigint,
    constraint quarantine_pkey primary key (org_id, quarantine_id)
);

create unique index quarantine_raw on quarantine (org_id, source_id, raw_hash);

create index quarantine_state on quarantine (org_id, state, quarantine_id);
