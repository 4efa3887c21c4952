-- A tool that sends by itself is known by its source and shows what it is by a secret; two may live while they change.
create table webhooks (
    org_id integer not null references orgs (org_id),
    source_id integer not null,
    kind text not null,
    proof text not null,
    made_at integer not null,
    constraint webhooks_pkey primary key (org_id, source_id),
    foreign key (org_id, source_id) references sources (org_id, source_id)
) strict, without rowid;

create table webhook_secrets (
    org_id integer not null,
    source_id integer not null,
    secret_no integer not null,
    key_id text not null,
    secret blob not null,
    made_at integer not null,
    used_at integer,
    constraint webhook_secrets_pkey primary key (org_id, source_id, secret_no),
    foreign key (org_id, source_id) references webhooks (org_id, source_id)
) strict, without rowid;
