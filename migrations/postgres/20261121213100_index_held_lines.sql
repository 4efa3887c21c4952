-- Held lines are counted by reason and source without reading their bytes.
create index quarantine_reason on quarantine (org_id, state, reason, source_id, import_id, received_at);
