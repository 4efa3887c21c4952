-- Programs authenticate by tokens: found by a public id, proved by a hash, bounded by scopes and a date.
create table tokens (
    org_id bigint not null references orgs (org_id),
    token_id bigint not null,
    public_id text not null,
    hash bytea not null,
    name text not null,
    scopes text not null,
    sources text not null,
    names text not null,
    maker_id bigint,
    made_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    used_at bigint,
    primary key (org_id, token_id),
    constraint tokens_public_id unique (org_id, public_id),
    foreign key (org_id, maker_id) references people (org_id, person_id)
);
