-- A held line knows how it was written, so that it can be read again, and in which later import it came again.
alter table quarantine add column form_hash bytea;

alter table quarantine add column again_import bigint;

create index quarantine_again on quarantine (org_id, again_import) where again_import is not null;
