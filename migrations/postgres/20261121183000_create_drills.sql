-- What happened when it was tried: each upload of a record is a version of its own, so that a past view sees the past one.
create table drills (
    org_id bigint not null,
    drill_id text not null,
    version bigint not null,
    kind text,
    started_at bigint,
    ended_at bigint,
    source_id bigint,
    import_id bigint,
    received_at bigint not null,
    body text not null,
    constraint drills_pkey primary key (org_id, drill_id, version)
);
