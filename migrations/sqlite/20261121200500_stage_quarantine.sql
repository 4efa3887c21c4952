-- A line of a file nobody can see yet is staged, one of a file that was taken back is withdrawn; neither keeps the same
-- line of another file out.
create table staged_quarantine (
    org_id integer not null,
    quarantine_id integer not null,
    source_id integer not null,
    batch_id integer not null,
    import_id integer,
    reason text not null,
    faults text not null,
    line integer,
    byte integer,
    raw blob not null,
    raw_bytes integer not null,
    raw_hash blob not null,
    received_at integer not null,
    state text not null constraint quarantine_state_check check
        (state in ('staged', 'held', 'released', 'dismissed', 'withdrawn')),
    settled_at integer,
    settled_by text,
    settled_note text,
    settled_batch integer,
    constraint quarantine_pkey primary key (org_id, quarantine_id)
) strict;

insert into staged_quarantine
select org_id, quarantine_id, source_id, batch_id, import_id, reason, faults, line, byte, raw, raw_bytes, raw_hash,
       received_at, state, settled_at, settled_by, settled_note, settled_batch
  from quarantine;

drop table quarantine;

alter table staged_quarantine rename to quarantine;

create unique index quarantine_raw on quarantine (org_id, source_id, raw_hash)
 where state in ('held', 'released', 'dismissed');

create unique index quarantine_staged on quarantine (org_id, import_id, source_id, raw_hash) where state = 'staged';

create index quarantine_state on quarantine (org_id, state, quarantine_id);
