-- Which places of the log an import took: its parts are committed one after the other and seen together.
create table import_parts (
    org_id bigint not null,
    import_id bigint not null,
    first_seq bigint not null,
    last_seq bigint not null,
    constraint import_parts_pkey primary key (org_id, import_id, first_seq)
);

insert into import_parts (org_id, import_id, first_seq, last_seq)
select b.org_id, b.import_id, min(e.seq), max(e.seq)
  from batches b
  join events e on e.org_id = b.org_id and e.batch_id = b.batch_id
 where b.import_id is not null
 group by b.org_id, b.import_id, b.batch_id;
