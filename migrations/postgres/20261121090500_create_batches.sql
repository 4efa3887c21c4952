-- What was committed together, with its counts and the hash that chains it to the batch before.
create table batches (
    org_id bigint not null,
    batch_id bigint not null,
    source_id bigint not null,
    import_id bigint,
    kind text not null constraint batches_kind_check check (kind in ('events', 'import', 'release')),
    received bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    quarantined bigint not null,
    leaves bigint not null,
    committed_at bigint not null,
    root bytea not null,
    head bytea not null,
    constraint batches_pkey primary key (org_id, batch_id),
    constraint batches_sum_check check (received = accepted + duplicate + quarantined)
);
