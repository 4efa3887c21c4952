-- What happened when it was tried: each upload of a record is a version of its own, so that a past view sees the past one.
create table drills (
    org_id integer not null,
    drill_id text not null,
    version integer not null,
    kind text,
    started_at integer,
    ended_at integer,
    source_id integer,
    import_id integer,
    received_at integer not null,
    body text not null,
    constraint drills_pkey primary key (org_id, drill_id, version)
) strict, without rowid;
