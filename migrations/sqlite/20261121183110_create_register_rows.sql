-- A row is kept once for all the versions of its register that have it.
create table register_rows (
    org_id integer not null,
    register text not null,
    row_id integer not null,
    row_key text not null,
    valid_from integer,
    valid_to integer,
    body text not null,
    since_version integer not null,
    until_version integer,
    constraint register_rows_pkey primary key (org_id, register, row_id)
) strict, without rowid;

create index register_rows_current on register_rows (org_id, register, until_version);
