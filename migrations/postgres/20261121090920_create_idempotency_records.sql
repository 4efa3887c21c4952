-- The receipt of a request, kept with its effect, so that a retry gets the same answer and changes nothing.
create table idempotency_records (
    org_id bigint not null,
    token_id bigint not null,
    route text not null,
    key text not null,
    request_hash bytea not null,
    status bigint not null,
    receipt text not null,
    created_at bigint not null,
    constraint idempotency_records_pkey primary key (org_id, token_id, route, key)
);

create index idempotency_records_age on idempotency_records (org_id, created_at);
