-- The first owner comes in by a code that is printed once; only its hash is kept, and it dies soon.
create table setup_codes (
    org_id integer primary key references orgs (org_id),
    hash blob not null,
    expires_at integer not null,
    tries_left integer not null
) strict;
