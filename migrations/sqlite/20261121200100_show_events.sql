-- Which events count for an item: an event of the log that stands here can be seen. Since when, and until when.
create table item_events (
    org_id integer not null,
    item_key integer not null,
    seq integer not null,
    known_at integer not null,
    withdrawn_at integer,
    constraint item_events_pkey primary key (org_id, item_key, seq)
) strict, without rowid;

insert into item_events (org_id, item_key, seq, known_at)
select org_id, item_key, seq, received_at from events where displaced_by is null order by org_id, item_key, seq;
