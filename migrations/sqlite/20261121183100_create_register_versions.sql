-- A register is uploaded as a whole, so that a past view sees the past one.
create table register_versions (
    org_id integer not null,
    register text not null,
    version integer not null,
    received_at integer not null,
    uploaded_by text not null,
    row_count integer not null,
    added integer not null,
    ended integer not null,
    constraint register_versions_pkey primary key (org_id, register, version)
) strict, without rowid;
