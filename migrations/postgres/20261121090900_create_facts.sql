-- What the fold leaves of each item, written with its events; an empty body says the item has merged away.
create table facts (
    org_id bigint not null,
    item_key bigint not null,
    revision bigint not null,
    body bytea not null,
    constraint facts_pkey primary key (org_id, item_key)
);

create index facts_revision on facts (org_id, revision);
