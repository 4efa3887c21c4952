-- How the files of a source are read is decided by a person, and a file read last year stays explained by the plan of then.
create table source_plans (
    org_id integer not null,
    source_id integer not null,
    version integer not null,
    plan text not null,
    saved_at integer not null,
    saved_by text not null,
    constraint source_plans_pkey primary key (org_id, source_id, version)
) strict, without rowid;

alter table imports add column plan text not null default '';

alter table imports add column notes text not null default '{}';
