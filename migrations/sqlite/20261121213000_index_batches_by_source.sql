-- How long a source has been silent stands on every page: its latest batches are found without a scan.
create index batches_source on batches (org_id, source_id, batch_id);
