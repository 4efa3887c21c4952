-- What was committed together, with its counts and the hash that chains it to the batch before.
create table batches (
    org_id integer not null,
    batch_id integer not null,
    source_id integer not null,
    import_id integer,
    kind text not null constraint batches_kind_check check (kind in ('events', 'import', 'release')),
    received integer not null,
    accepted integer not null,
    duplicate integer not null,
    quarantined integer not null,
    leaves integer not null,
    committed_at integer not null,
    root blob not null,
    head blob not null,
    constraint batches_pkey primary key (org_id, batch_id),
    constraint batches_sum_check check (received = accepted + duplicate + quarantined)
) strict, without rowid;
