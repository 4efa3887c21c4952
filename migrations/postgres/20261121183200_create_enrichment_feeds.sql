-- What the world says of weaknesses is known by the day it was published.
create table enrichment_feeds (
    org_id bigint not null,
    kind text not null constraint enrichment_feeds_kind_check check (kind in ('kev', 'epss')),
    published_on bigint not null,
    feed_version text,
    received_at bigint not null,
    changed bigint not null,
    constraint enrichment_feeds_pkey primary key (org_id, kind, published_on)
);
