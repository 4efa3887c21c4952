-- The log. Narrow and append-ordered; an event that lost a conflict stays, marked with the one that counts.
create table events (
    org_id bigint not null,
    seq bigint not null,
    batch_id bigint not null,
    line bigint not null,
    source_id bigint not null,
    key bytea not null,
    item_key bigint not null,
    event bigint not null,
    at bigint not null,
    at_latest bigint,
    received_at bigint not null,
    certainty bigint not null,
    body text not null,
    displaced_by bigint,
    constraint events_pkey primary key (org_id, seq)
);

create unique index events_key on events (org_id, source_id, key) where displaced_by is null;

create index events_item on events (org_id, item_key);
