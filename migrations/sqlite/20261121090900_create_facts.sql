-- What the fold leaves of each item, written with its events; an empty body says the item has merged away.
create table facts (
    org_id integer not null,
    item_key integer not null,
    revision integer not null,
    body blob not null,
    constraint facts_pkey primary key (org_id, item_key)
) strict, without rowid;

create index facts_revision on facts (org_id, revision);
