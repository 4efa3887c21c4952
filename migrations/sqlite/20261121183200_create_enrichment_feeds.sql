-- What the world says of weaknesses is known by the day it was published.
create table enrichment_feeds (
    org_id integer not null,
    kind text not null constraint enrichment_feeds_kind_check check (kind in ('kev', 'epss')),
    published_on integer not null,
    feed_version text,
    received_at integer not null,
    changed integer not null,
    constraint enrichment_feeds_pkey primary key (org_id, kind, published_on)
) strict, without rowid;
