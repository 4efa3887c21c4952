-- Item ids are long text; the log keeps numbers, so its indexes stay narrow.
create table items (
    org_id bigint not null,
    item_key bigint not null,
    item_id text not null,
    source_id bigint not null,
    constraint items_pkey primary key (org_id, item_key),
    constraint items_item_id_key unique (org_id, item_id)
);
