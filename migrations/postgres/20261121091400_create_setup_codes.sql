-- The first owner comes in by a code that is printed once; only its hash is kept, and it dies soon.
create table setup_codes (
    org_id bigint primary key references orgs (org_id),
    hash bytea not null,
    expires_at bigint not null,
    tries_left bigint not null
);
