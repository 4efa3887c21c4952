-- A file in which too much is gone at once waits for a person, as a state of its import.
alter table imports
    drop constraint imports_state_check,
    add constraint imports_state_check check
        (state in ('running', 'paused', 'interrupted', 'failed', 'held', 'cancelled', 'published', 'withdrawn'));

create index imports_held on imports (org_id, finished_at) where state = 'held';
