-- The lines as they came, each with its salt, packed a batch at a time: evidence, never read by a figure.
create table raw_chunks (
    org_id bigint not null,
    batch_id bigint not null,
    lines bigint not null,
    body bytea not null,
    constraint raw_chunks_pkey primary key (org_id, batch_id)
);
