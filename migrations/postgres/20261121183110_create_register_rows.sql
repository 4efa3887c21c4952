-- A row is kept once for all the versions of its register that have it.
create table register_rows (
    org_id bigint not null,
    register text not null,
    row_id bigint not null,
    row_key text not null,
    valid_from bigint,
    valid_to bigint,
    body text not null,
    since_version bigint not null,
    until_version bigint,
    constraint register_rows_pkey primary key (org_id, register, row_id)
);

create index register_rows_current on register_rows (org_id, register, until_version);
