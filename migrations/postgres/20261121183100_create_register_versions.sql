-- A register is uploaded as a whole, so that a past view sees the past one.
create table register_versions (
    org_id bigint not null,
    register text not null,
    version bigint not null,
    received_at bigint not null,
    uploaded_by text not null,
    row_count bigint not null,
    added bigint not null,
    ended bigint not null,
    constraint register_versions_pkey primary key (org_id, register, version)
);
