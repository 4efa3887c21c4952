-- The log. Narrow and append-ordered; an event that lost a conflict stays, marked with the one that counts.
create table events (
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
) strict;

create unique index events_key on events (org_id, source_id, key) where displaced_by is null;

create index events_item on events (org_id, item_key);
