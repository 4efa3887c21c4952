-- What a file said of everything at one moment, for the next one to be held against. Counted from when its import is published.
create table snapshots (
    org_id bigint not null,
    import_id bigint not null,
    source_id bigint not null,
    taken_at bigint not null,
    since bigint,
    items bigint not null,
    parts bigint not null,
    constraint snapshots_pkey primary key (org_id, import_id)
);

create index snapshots_source_idx on snapshots (org_id, source_id, taken_at);
