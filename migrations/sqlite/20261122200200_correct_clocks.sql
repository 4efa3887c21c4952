-- The clock of a source may run ahead: from a decision on, its events count with their times put right, beside what was said.
alter table events add column counted text;

create table clock_decisions (
    org_id integer not null,
    source_id integer not null,
    version integer not null,
    seconds integer not null,
    decided_at integer not null,
    decided_by text not null,
    why text not null,
    constraint clock_decisions_pkey primary key (org_id, source_id, version),
    foreign key (org_id, source_id) references sources (org_id, source_id)
) strict, without rowid;
