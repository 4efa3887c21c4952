-- A file is received, counted and published as one; its counts follow when held lines are released.
create table imports (
    org_id bigint not null,
    import_id bigint not null,
    source_id bigint not null,
    name text not null,
    bytes bigint not null,
    digest bytea not null,
    state text not null constraint imports_state_check check (state in ('running', 'published', 'interrupted')),
    started_at bigint not null,
    finished_at bigint,
    received bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    quarantined bigint not null,
    items bigint not null,
    constraint imports_pkey primary key (org_id, import_id),
    constraint imports_sum_check check (received = accepted + duplicate + quarantined)
);
