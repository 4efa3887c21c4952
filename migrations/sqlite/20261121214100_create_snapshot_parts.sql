-- The items of a snapshot in their order, packed a few thousand at a time: read from the first to the last, never searched.
create table snapshot_parts (
    org_id integer not null,
    import_id integer not null,
    part integer not null,
    body blob not null,
    constraint snapshot_parts_pkey primary key (org_id, import_id, part)
) strict;
