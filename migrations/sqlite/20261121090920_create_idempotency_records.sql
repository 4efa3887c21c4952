-- The receipt of a request, kept with its effect, so that a retry gets the same answer and changes nothing.
create table idempotency_records (
    org_id integer not null,
    token_id integer not null,
    route text not null,
    key text not null,
    request_hash blob not null,
    status integer not null,
    receipt text not null,
    created_at integer not null,
    constraint idempotency_records_pkey primary key (org_id, token_id, route, key)
) strict;

create index idempotency_records_age on idempotency_records (org_id, created_at);
