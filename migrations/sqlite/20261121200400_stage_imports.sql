-- An import is read in parts, may rest between them, and can be taken back: it keeps how far it has come and how to go on.
create table staged_imports (
    org_id integer not null,
    import_id integer not null,
    source_id integer not null,
    name text not null,
    bytes integer not null,
    digest blob not null,
    state text not null constraint imports_state_check check
        (state in ('running', 'paused', 'interrupted', 'failed', 'cancelled', 'published', 'withdrawn')),
    started_at integer not null,
    finished_at integer,
    received integer not null,
    accepted integer not null,
    duplicate integer not null,
    quarantined integer not null,
    items integer not null,
    plan text not null default '',
    notes text not null default '{}',
    wanted text not null default 'go' constraint imports_wanted_check check (wanted in ('go', 'pause', 'cancel')),
    records integer not null default 0,
    bytes_read integer not null default 0,
    spool text not null default '',
    terms text not null default '{}',
    withdrawn_at integer,
    constraint imports_pkey primary key (org_id, import_id),
    constraint imports_sum_check check (received = accepted + duplicate + quarantined)
) strict, without rowid;

insert into staged_imports
    (org_id, import_id, source_id, name, bytes, digest, state, started_at, finished_at, received, accepted, duplicate,
     quarantined, items, plan, notes)
select org_id, import_id, source_id, name, bytes, digest, state, started_at, finished_at, received, accepted, duplicate,
       quarantined, items, plan, notes
  from imports;

drop table imports;

alter table staged_imports rename to imports;

create index imports_digest on imports (org_id, source_id, digest);
