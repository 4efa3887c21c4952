-- The clock of a source may run ahead: from a decision on, its events count with their times put right, beside what was said.
alter table events add column counted text;

create table clock_decisions (
    org_id bigint not null,
    source_id bigint not null,
    version bigint not null,
    seconds bigint not null,
    decided_at bigint not null,
    decided_by text not null,
    why text not null,
    constraint clock_decisions_pkey primary key (org_id, source_id, version),
    foreign key (org_id, source_id) references sources (org_id, source_id)
);
