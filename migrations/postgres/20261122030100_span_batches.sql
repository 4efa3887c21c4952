-- From when to when the events of a batch happened, and where they lie: the last event of a source is found in its latest
-- spans and never by a walk through the log. A batch without an event has none.
create table batch_spans (
    org_id bigint not null,
    batch_id bigint not null,
    source_id bigint not null,
    import_id bigint,
    first_seq bigint not null,
    last_seq bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    constraint batch_spans_pkey primary key (org_id, batch_id)
);

insert into batch_spans (org_id, batch_id, source_id, import_id, first_seq, last_seq, first_at, last_at)
select b.org_id, b.batch_id, b.source_id, b.import_id, min(e.seq), max(e.seq), min(e.at), max(e.at)
  from batches b
  join events e on e.org_id = b.org_id and e.batch_id = b.batch_id
 group by b.org_id, b.batch_id, b.source_id, b.import_id;

create index batch_spans_source on batch_spans (org_id, source_id, last_at, batch_id);
