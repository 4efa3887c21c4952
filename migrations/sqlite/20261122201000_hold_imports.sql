-- A file in which too much is gone at once waits for a person, as a state of its import.
create table held_imports (
    org_id integer not null,
    import_id integer not null,
    source_id integer not null,
    name text not null,
    bytes integer not null,
    digest blob not null,
    state text not null constraint imports_state_check check
        (state in ('running', 'paused', 'interrupted', 'failed', 'held', 'cancelled', 'published', 'withdrawn')),
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
    measures text not null default '',
    withdrawn_by text not null default '',
    constraint imports_pkey primary key (org_id, import_id),
    constraint imports_sum_check check (received = accepted + duplicate + quarantined)
) strict, without rowid;

insert into held_imports
    (org_id, import_id, source_id, name, bytes, digest, state, started_at, finished_at, received, accepted, duplicate,
     quarantined, items, plan, notes, wanted, records, bytes_read, spool, terms, withdrawn_at,
     measures, withdrawn_by)
select org_id, import_id, source_id, name, bytes, digest, state, started_at, finished_at, received, accepted, duplicate,
       quarantined, items, plan, notes, wanted, records, bytes_read, spool, terms, withdrawn_at,
       measures, withdrawn_by
  from imports;

drop table imports;

alter table held_imports rename to imports;

create index imports_digest on imports (org_id, source_id, digest);

create index imports_held on imports (org_id, finished_at) where state = 'held';
