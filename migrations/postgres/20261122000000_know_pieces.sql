-- Pieces of files whose every line became an event or was a duplicate: the same piece again holds nothing but duplicates. All are
-- forgotten as soon as any event of the organisation counts no more.
create table known_pieces (
    org_id bigint not null,
    import_id bigint not null,
    print bytea not null,
    constraint known_pieces_pkey primary key (org_id, import_id, print)
);
