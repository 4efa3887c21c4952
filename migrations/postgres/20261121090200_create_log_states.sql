-- One row an organisation hands out places in the log: whoever writes locks it, so knowledge has one order.
create table log_states (
    org_id bigint not null primary key references orgs (org_id),
    next_seq bigint not null,
    next_item bigint not null,
    next_quarantine bigint not null,
    next_import bigint not null,
    batch_id bigint not null,
    head bytea not null,
    revision bigint not null,
    last_received_at bigint not null,
    merges bigint not null
);

insert into log_states
    (org_id, next_seq, next_item, next_quarantine, next_import, batch_id, head, revision, last_received_at, merges)
select org_id, 1, 1, 1, 1, 0, ''::bytea, 0, 0, 0 from orgs;
