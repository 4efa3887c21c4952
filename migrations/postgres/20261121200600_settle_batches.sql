-- What is found out or decided about lines after they were counted is an entry of its own in the chain.
alter table batches
    drop constraint batches_kind_check,
    add constraint batches_kind_check check (kind in ('events', 'import', 'release', 'settle', 'withdraw'));
