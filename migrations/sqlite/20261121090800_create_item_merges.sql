-- Where a merged item's events count now, so that a new event of it finds its survivor without history.
create table item_merges (
    org_id integer not null,
    item_key integer not null,
    into_key integer not null,
    constraint item_merges_pkey primary key (org_id, item_key)
) strict, without rowid;

create index item_merges_into on item_merges (org_id, into_key);

create index events_merges on events (org_id, seq) where event = 27;
