-- How held lines were written, each way once: the header of a table, the format of a tool with what was said of its source.
create table held_forms (
    org_id bigint not null,
    form_hash bytea not null,
    form text not null,
    constraint held_forms_pkey primary key (org_id, form_hash)
);
