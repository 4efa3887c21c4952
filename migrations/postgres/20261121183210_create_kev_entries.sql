-- Which weaknesses are known to be exploited: a row is written only where an entry changed or went.
create table kev_entries (
    org_id bigint not null,
    cve text not null,
    published_on bigint not null,
    listed bigint not null,
    added_on bigint not null,
    due_on bigint,
    ransomware bigint,
    constraint kev_entries_pkey primary key (org_id, cve, published_on)
);
