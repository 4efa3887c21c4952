-- What the times of the events of an import say is counted while it is read, and stays with it; who took it back does, too.
alter table imports add column measures text not null default '';

alter table imports add column withdrawn_by text not null default '';

update imports
   set withdrawn_by = coalesce((select case when a.actor_kind in ('operator', 'nobody') then a.actor_kind
                                            else a.actor_kind || ' ' || a.actor end
                                  from audit a
                                 where a.org_id = imports.org_id and a.action = 'imports.withdraw'
                                   and a.object = cast(imports.import_id as text)
                                 order by a.seq desc
                                 limit 1), '')
 where state = 'withdrawn';
