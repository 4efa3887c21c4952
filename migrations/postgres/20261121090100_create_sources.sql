-- Who sent an event decides what its id is unique within, so sources are rows and not free text.
create table sources (
    org_id bigint not null references orgs (org_id),
    source_id bigint not null,
    slug text not null,
    created_at bigint not null,
    constraint sources_pkey primary key (org_id, source_id),
    constraint sources_slug_key unique (org_id, slug)
);
