-- A sign-in lives on the server: the cookie holds a key, and only its hash is kept here.
create table sessions (
    org_id bigint not null references orgs (org_id),
    hash bytea not null,
    person_id bigint not null,
    made_at bigint not null,
    used_at bigint not null,
    rights_version bigint not null,
    address text not null,
    agent text not null,
    primary key (org_id, hash),
    foreign key (org_id, person_id) references people (org_id, person_id)
);

create index sessions_by_person on sessions (org_id, person_id, made_at);
