-- What waits in quarantine is bounded an organisation; counted here, so that no batch has to scan for it.
alter table log_states add column held_lines bigint not null default 0;

alter table log_states add column held_bytes bigint not null default 0;

update log_states
   set held_lines = (select count(*) from quarantine q where q.org_id = log_states.org_id and q.state = 'held'),
       held_bytes = (select coalesce(sum(length(q.raw)), 0)
                       from quarantine q where q.org_id = log_states.org_id and q.state = 'held');
