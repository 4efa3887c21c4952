-- The log is only ever added to at its end: its rows lie in their own order, and nothing else is kept up with them.
create table log_events (
    org_id integer not null,
    seq integer not null,
    batch_id integer not null,
    line integer not null,
    source_id integer not null,
    key blob not null,
    item_key integer not null,
    event integer not null,
    at integer not null,
    at_latest integer,
    received_at integer not null,
    certainty integer not null,
    body text not null,
    displaced_by integer,
    constraint events_pkey primary key (org_id, seq)
) strict, without rowid;

insert into log_events
select org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at, certainty, body, displaced_by
  from events
 order by org_id, seq;

drop table events;

alter table log_events rename to events;

create index events_merges on events (org_id, seq) where event = 27;
