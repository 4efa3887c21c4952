-- One row an organisation hands out places in the log: whoever writes locks it, so knowledge has one order.
create table log_states (
    org_id integer not null primary key references orgs (org_id),
    next_seq integer not null,
    next_item integer not null,
    next_quarantine integer not null,
    next_import integer not null,
    batch_id integer not null,
    head blob not null,
    revision integer not null,
    last_received_at integer not null,
    merges integer not null
) strict;

insert into log_states
    (org_id, next_seq, next_item, next_quarantine, next_import, batch_id, head, revision, last_received_at, merges)
select org_id, 1, 1, 1, 1, 0, x'', 0, 0, 0 from orgs;
