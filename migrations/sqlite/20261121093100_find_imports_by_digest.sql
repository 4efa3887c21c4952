-- Whether a file came before is asked by its hash at every import.
create index imports_digest on imports (org_id, source_id, digest);
