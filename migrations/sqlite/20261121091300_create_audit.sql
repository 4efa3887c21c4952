-- Every act is on record in the transaction of the act, and each record chains to the one before.
create table audit_heads (
    org_id integer primary key references orgs (org_id),
    seq integer not null,
    head blob not null
) strict;

create table audit (
    org_id integer not null references orgs (org_id),
    seq integer not null,
    at integer not null,
    actor_kind text not null,
    actor integer not null,
    action text not null,
    object text not null,
    outcome text not null,
    request_id text not null,
    address text not null,
    detail text not null,
    head blob not null,
    primary key (org_id, seq)
) strict;
