-- A sign-in lives on the server: the cookie holds a key, and only its hash is kept here.
create table sessions (
    org_id integer not null references orgs (org_id),
    hash blob not null,
    person_id integer not null,
    made_at integer not null,
    used_at integer not null,
    rights_version integer not null,
    address text not null,
    agent text not null,
    primary key (org_id, hash),
    foreign key (org_id, person_id) references people (org_id, person_id)
) strict;

create index sessions_by_person on sessions (org_id, person_id, made_at);
