-- A file is received, counted and published as one; its counts follow when held lines are released.
create table imports (
    org_id integer not null,
    import_id integer not null,
    source_id integer not null,
    name text not null,
    bytes integer not null,
    digest blob not null,
    state text not null constraint imports_state_check check (state in ('running', 'published', 'interrupted')),
    started_at integer not null,
    finished_at integer,
    received integer not null,
    accepted integer not null,
    duplicate integer not null,
    quarantined integer not null,
    items integer not null,
    constraint imports_pkey primary key (org_id, import_id),
    constraint imports_sum_check check (received = accepted + duplicate + quarantined)
) strict, without rowid;
