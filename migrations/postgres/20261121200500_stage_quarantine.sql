-- A line of a file nobody can see yet is staged, one of a file that was taken back is withdrawn; neither keeps the same
-- line of another file out.
alter table quarantine
    drop constraint quarantine_state_check,
    add constraint quarantine_state_check check (state in ('staged', 'held', 'released', 'dismissed', 'withdrawn'));

drop index quarantine_raw;

create unique index quarantine_raw on quarantine (org_id, source_id, raw_hash)
 where state in ('held', 'released', 'dismissed');

create unique index quarantine_staged on quarantine (org_id, import_id, source_id, raw_hash) where state = 'staged';
