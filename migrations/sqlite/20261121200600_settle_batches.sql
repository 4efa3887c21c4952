-- What is found out or decided about lines after they were counted is an entry of its own in the chain.
create table settled_batches (
    org_id integer not null,
    batch_id integer not null,
    source_id integer not null,
    import_id integer,
    kind text not null constraint batches_kind_check check (kind in ('events', 'import', 'release', 'settle', 'withdraw')),
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

insert into settled_batches
select org_id, batch_id, source_id, import_id, kind, received, accepted, duplicate, quarantined, leaves, committed_at,
       root, head
  from batches;

drop table batches;

alter table settled_batches rename to batches;
