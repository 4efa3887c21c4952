-- Which weaknesses are known to be exploited: a row is written only where an entry changed or went.
create table kev_entries (
    org_id integer not null,
    cve text not null,
    published_on integer not null,
    listed integer not null,
    added_on integer not null,
    due_on integer,
    ransomware integer,
    constraint kev_entries_pkey primary key (org_id, cve, published_on)
) strict, without rowid;
