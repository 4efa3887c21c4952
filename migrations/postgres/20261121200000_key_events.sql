-- Which event counts under a key. Beside the log, so that a whole file finds its places in the order of keys.
create table event_keys (
    org_id bigint not null,
    source_id bigint not null,
    key bytea not null,
    seq bigint not null,
    constraint event_keys_pkey primary key (org_id, source_id, key)
);

insert into event_keys (org_id, source_id, key, seq)
select org_id, source_id, key, seq from events where displaced_by is null order by org_id, source_id, key;
