-- Which events count for an item: an event of the log that stands here can be seen. Since when, and until when.
create table item_events (
    org_id bigint not null,
    item_key bigint not null,
    seq bigint not null,
    known_at bigint not null,
    withdrawn_at bigint,
    constraint item_events_pkey primary key (org_id, item_key, seq)
);

insert into item_events (org_id, item_key, seq, known_at)
select org_id, item_key, seq, received_at from events where displaced_by is null order by org_id, item_key, seq;
