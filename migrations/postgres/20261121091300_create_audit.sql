-- Every act is on record in the transaction of the act, and each record chains to the one before.
create table audit_heads (
    org_id bigint primary key references orgs (org_id),
    seq bigint not null,
    head bytea not null
);

create table audit (
    org_id bigint not null references orgs (org_id),
    seq bigint not null,
    at bigint not null,
    actor_kind text not null,
    actor bigint not null,
    action text not null,
    object text not null,
    outcome text not null,
    request_id text not null,
    address text not null,
    detail text not null,
    head bytea not null,
    primary key (org_id, seq)
);
