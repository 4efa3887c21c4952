-- What a file said of everything at one moment, for the next one to be held against. Counted from when its import is published.
create table snapshots (
    org_id integer not null,
    import_id integer not null,
    source_id integer not null,
    taken_at integer not null,
    since integer,
    items integer not null,
    parts integer not null,
    constraint snapshots_pkey primary key (org_id, import_id)
) strict, without rowid;

create index snapshots_source_idx on snapshots (org_id, source_id, taken_at);
