-- A tool that sends by itself is known by its source and shows what it is by a secret; two may live while they change.
create table webhooks (
    org_id bigint not null references orgs (org_id),
    source_id bigint not null,
    kind text not null,
    proof text not null,
    made_at bigint not null,
    constraint webhooks_pkey primary key (org_id, source_id),
    foreign key (org_id, source_id) references sources (org_id, source_id)
);

create table webhook_secrets (
    org_id bigint not null,
    source_id bigint not null,
    secret_no bigint not null,
    key_id text not null,
    secret bytea not null,
    made_at bigint not null,
    used_at bigint,
    constraint webhook_secrets_pkey primary key (org_id, source_id, secret_no),
    foreign key (org_id, source_id) references webhooks (org_id, source_id)
);
